using System.Text.Json.Nodes;
using Hone.Core.Tests.Data;
using Hone.Data;
using Hone.Model;
using Hone.Search;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

public sealed class SyntheticStudyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IStudy Open(string model, string search = "", ulong seed = 3, string method = "synthetic", string rest = "") => StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"zdt","method":"{{method}}","data":{"name":"none"},"model":{"variables":8{{model}}},"objectives":[{"metric":"f1"},{"metric":"f2"}],"search":{ {{search}} },"seed":{{seed}}{{rest}}}""")!));

    private IStudyWork Work(IStudy study) => study.Work(new WorkPlace(new FolderBlobStore(_folder.Path), new DataLocator(Surroundings.OfThisMachine()), TimeProvider.System));

    private static Candidate[] Some(IStudy study) => [.. Enumerable.Range(0, 30).Select(i => study.Space.Sample(new Chance(5, Streams.Sampling, (uint)i)))];

    private double[] Values(IStudy study, Candidate candidate, double share) =>
        [.. Work(study).Evaluate(default, candidate, 1, CandidateTraining.Of(share), default).Measurements.Select(m => m.Value)];

    [Fact]
    public void LessTrainingIsWorseByAtMostTheBiasAndTheWholeIsExact()
    {
        IStudy biased = Open(",\"fidelity_bias\":2"), plain = Open("");
        foreach (Candidate candidate in Some(plain))
        {
            double[] exact = Values(plain, candidate, 1), third = Values(biased, candidate, 1.0 / 3), ninth = Values(biased, candidate, 1.0 / 9);
            Assert.Equal(exact, Values(biased, candidate, 1));
            Assert.Equal(exact, Values(plain, candidate, 0.1));   // nothing is made up where nobody asks for it
            for (int k = 0; k < exact.Length; k++)
            {
                Assert.InRange(third[k], exact[k], exact[k] + 2 * 2.0 / 3);
                Assert.InRange(ninth[k], third[k], exact[k] + 2 * 8.0 / 9);
            }
        }
    }

    [Fact]
    public void TheBiasIsTheCandidatesAndTheSeedsOwn()
    {
        IStudy study = Open(",\"fidelity_bias\":2"), other = Open(",\"fidelity_bias\":2", seed: 4);
        Candidate candidate = Some(study)[0];
        Assert.Equal(Values(study, candidate, 0.5), Values(study, candidate, 0.5));
        Assert.NotEqual(Values(study, candidate, 0.5), Values(other, candidate, 0.5));
        Assert.NotEqual(study.Shared, other.Shared);   // else one would be answered from the other's memory
        Assert.Equal(Open("").Shared, Open("", seed: 4).Shared);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void AnEvaluationThatIsCutGoesOnBehindItsLastCheckpointToTheSameResult(int cut)
    {
        IStudy study = Open(",\"fidelity_bias\":1,\"steps\":30");
        using IStudyWork work = Work(study);
        Candidate candidate = Some(study)[1];
        var whole = new List<(BlobId Blob, long Step)>();
        Evaluation expected = work.Evaluate(default, candidate, 1, CandidateTraining.Of(1.0 / 3) with { Checkpointed = (blob, step) => whole.Add((blob, step)) }, default);
        Assert.Equal(Enumerable.Range(1, 10), whole.Select(c => (int)c.Step));   // a third of 30 steps
        var rest = new List<long>();
        Evaluation gone = work.Evaluate(default, candidate, 1, CandidateTraining.Of(1.0 / 3) with { Checkpoint = whole[cut].Blob, Checkpointed = (_, step) => rest.Add(step) }, default);
        Assert.Equal(Enumerable.Range(cut + 2, 9 - cut), rest.Select(s => (int)s));
        Assert.Equal((expected.Measurements, expected.Trained), (gone.Measurements, gone.Trained));
        Assert.Throws<HoneException>(() => work.Evaluate(default, Some(study)[2], 1, CandidateTraining.Of(1.0 / 3) with { Checkpoint = whole[cut].Blob }, default));
        Assert.Throws<HoneException>(() => work.Evaluate(default, candidate, 1, CandidateTraining.Of(1) with { Checkpoint = whole[cut].Blob }, default));   // nothing of a lower share is used for a higher one
    }

    [Fact]
    public void AMemberIsTheSameWhetherItsWeightsAreThereOrAreTrainedAnew()
    {
        IStudy study = Open(",\"steps\":3");
        using IStudyWork work = Work(study);
        Candidate candidate = Some(study)[0];
        Evaluation evaluation = work.Evaluate(default, candidate, 1, CandidateTraining.Of(1), default);
        var member = new FrontMember(0, candidate.Key, evaluation.Measurements);
        FinishedMember there = work.Finish(default, member, new TrainedCandidate(1, evaluation.Trained), CandidateTraining.Of(1).Progress, default);
        Assert.Equal(there, work.Finish(default, member, new TrainedCandidate(1, null), CandidateTraining.Of(1).Progress, default));
    }

    [Fact]
    public void HalvingSpendsItsTrialsOnRungsAndItsFrontIsExact()
    {
        IStudy study = Open(",\"fidelity_bias\":1", "\"algorithm\":\"halving\",\"population\":8");
        using IStudyWork work = Work(study);
        StudySpec spec = study.Spec;
        var loop = new SearchLoop(SearcherCatalog.Create(spec.Search, study.Space, spec.Objectives, spec.Seed), spec.Objectives, 3, 130);
        List<Trial> journal = [.. loop.Run(a => new Outcome.Evaluated(work.Evaluate(default, a.Candidate, 1, CandidateTraining.Of(spec.Search.Share(a.Fidelity)), default).Measurements))];
        Assert.InRange(journal.Count(t => t.Fidelity == 2), 8, 10);
        foreach (FrontMember member in FrontSelection.Members(journal, spec.Objectives))
            Assert.Equal(Values(Open(""), study.Space.Parse(member.Key), 1), member.Measurements.Select(m => m.Value));
    }

    [Fact]
    public void AMethodWhoseCandidatesAreNotTrainedHasNoRungs()
    {
        var error = Assert.Throws<SpecException>(() => StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(
            """{"study":"s","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":["zcu102-eighth"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"search":{"algorithm":"halving"}}""")!)));
        Assert.Contains("search.algorithm: expected one of nsga2, evolution, random for quasar-vit", error.Message, StringComparison.Ordinal);
    }
}
