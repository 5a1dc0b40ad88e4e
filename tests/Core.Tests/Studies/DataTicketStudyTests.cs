using System.Text.Json.Nodes;
using Hone.Core.Tests.Neural.Vit;
using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

/// <summary>The method without a cluster: one selector, a student for each candidate, on images made here.</summary>
public sealed class DataTicketStudyTests : IDisposable
{
    private readonly StudyRoom _room = new();

    public void Dispose() => _room.Dispose();

    private static StudySpec Spec(string data, string model = "", string training = "") => StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"tiny","method":"data-ticket","data":{"name":"image-folder","path":"{{data}}","train":64},"model":{"side":12,"patch":3,"channels":1,"classes":4,"width":16,"heads":2,"depth":4,"expansion":2{{model}}},"objectives":[{"metric":"accuracy"},{"metric":"mmacs"}],"search":{"population":4,"window":2},"budget":{"trials":6},"training":{"epochs":2,"selector_dense_epochs":2,"selector_epochs":1,"batch":16,"threads":1,"warm_up_epochs":0,"branches":"float32","validation_images":24{{training}}},"finish":{"members":2,"rank_images":24},"seed":5}""")!);

    /// <param name="keep">Of six: 0.95, which of 16 patches leaves all 16, to 0.7.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void WhoeverChoosesIsExportedWithTheStudent(int keep)
    {
        IStudy study = StudyCatalog.Open(Spec(_room.Images(SmallVit.Images(140), SmallVit.Images(20, seed: 2))));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        for (int rule = 0; rule < study.Space.Genes[0].Choices.Count; rule++)
        {
            Candidate candidate = study.Space.Canonical([rule, keep]);
            Evaluation evaluation = work.Evaluate(shared, candidate, 24, CandidateTraining.Of(1), default);
            FinishedMember finished = work.Finish(shared, new FrontMember(0, candidate.Key, evaluation.Measurements), new TrainedCandidate(1, evaluation.Trained), new Progress<Progress>(), default);
            StudyRoom.Verified(_room.Model(finished));
            Assert.Equal("test_accuracy", finished.Measurements[^1].Metric);
        }
    }
}
