using System.Text.Json.Nodes;
using Hone.Core.Tests.Neural.Vit;
using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

/// <summary>The method without a cluster: each candidate a training, on images made here.</summary>
public sealed class TriLevelStudyTests : IDisposable
{
    private readonly StudyRoom _room = new();

    public void Dispose() => _room.Dispose();

    private static StudySpec Spec(string data, string model = "", string training = "") => StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"tiny","method":"tri-level","data":{"name":"image-folder","path":"{{data}}","train":64},"model":{"side":12,"patch":3,"channels":1,"classes":4,"width":16,"heads":2,"depth":4,"expansion":2{{model}}},"objectives":[{"metric":"accuracy"},{"metric":"train_tmacs"}],"search":{"algorithm":"halving","population":4,"rungs":2,"eta":3},"budget":{"trials":6},"training":{"epochs":6,"batch":16,"threads":1,"warm_up_epochs":0,"branches":"float32","validation_images":24{{training}}},"finish":{"members":2,"rank_images":24},"seed":5}""")!);

    private string Images() => _room.Images(SmallVit.Images(140), SmallVit.Images(20, seed: 2));

    [Fact]
    public void AMemberSaysWhatItsTrainingTookAndItsExportIsVerified()
    {
        IStudy study = StudyCatalog.Open(Spec(Images()));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        Candidate candidate = study.Space.Canonical([2, 3, 1]);                 // a fifth of the examples, seven tenths of the patches, half of the links
        Evaluation evaluation = work.Evaluate(shared, candidate, 24, CandidateTraining.Of(1), default);
        Assert.Equal(["accuracy", "train_tmacs", "mmacs"], evaluation.Measurements.Select(m => m.Metric));
        var member = new FrontMember(0, candidate.Key, evaluation.Measurements);
        FinishedMember finished = work.Finish(shared, member, new TrainedCandidate(1, evaluation.Trained), new Progress<Progress>(), default);
        Assert.Equal(["test_accuracy", "train_s", "train_time_share"], finished.Measurements.Select(m => m.Metric));
        Assert.All(finished.Measurements.Skip(1), m => Assert.Equal(Origin.Measured, m.Origin));
        Assert.All(finished.Measurements.Skip(1), m => Assert.True(m.Value > 0 && m.Spread >= 0));
        VerifyReport report = StudyRoom.Verified(_room.Model(finished));
        Assert.Contains(report.Manifest.Measurements, m => m.Metric == "train_time_share");
    }

    [Fact]
    public void LessTrainingIsACandidateOfItsOwn()
    {
        IStudy study = StudyCatalog.Open(Spec(Images()));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        Candidate dense = study.Space.Canonical([0, 0, 0]), sparse = study.Space.Canonical([3, 3, 0]);
        double Macs(Candidate candidate, double share) => work.Evaluate(shared, candidate, 24, CandidateTraining.Of(share), default).Measurements.Single(m => m.Metric == "train_tmacs").Value;
        double whole = Macs(dense, 1);
        Assert.Equal(1.0 / 3, Macs(dense, 1.0 / 3) / whole, 2);
        Assert.InRange(Macs(sparse, 1) / whole, 0.3, 0.65);                     // of 64 examples 45 are left, in batches of 16 2 steps an epoch and not 4; and patches are dropped from the first third on
    }

    [Theory]
    [InlineData(",\"removed\":[1]", "", "removed")]
    [InlineData(",\"removed\":[0.5,0.8]", "", "leave at least a batch of 16 of data.train 64, got 0.8")]
    [InlineData(",\"keep\":[0]", "", "keep")]
    [InlineData(",\"blocks\":[4]", "", "blocks")]
    [InlineData("", ",\"swap_evry\":0.1", "swap_evry")]
    public void AWrongSpecificationIsRefusedWithTheNameOfWhatIsMeant(string model, string training, string named) =>
        Assert.Contains(named, Assert.Throws<SpecException>(() => StudyCatalog.Open(Spec("a", model, training))).Message);
}
