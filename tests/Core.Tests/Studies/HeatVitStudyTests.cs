using System.Text.Json.Nodes;
using Hone.Core.Tests.Neural.Vit;
using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

/// <summary>The method without a cluster: trained in float and in 8 bits, evaluated, priced, fine-tuned, exported, verified, on images made here.</summary>
public sealed class HeatVitStudyTests : IDisposable
{
    private readonly StudyRoom _room = new();

    public void Dispose() => _room.Dispose();

    private static StudySpec Spec(string data, string model = "", string training = "") => StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"tiny","method":"heatvit","data":{"name":"image-folder","path":"{{data}}","train":64},"model":{"side":12,"patch":3,"channels":1,"classes":4,"width":16,"heads":2,"depth":4,"expansion":2,"positions":[1,2,3],"keeps":[1,0.7,0.5]{{model}}},"devices":["zcu102-eighth-int"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"search":{"population":4,"window":2},"budget":{"trials":8},"training":{"epochs":2,"batch":16,"threads":1,"shared_epochs":1,"quant_epochs":1,"tune_epochs":1,"range_images":32,"calibration_images":64,"search_images":12,"validation_images":24{{training}}},"finish":{"members":2,"rank_images":24},"seed":5}""")!);

    private string Images() => _room.Images(SmallVit.Images(140), SmallVit.Images(20, seed: 2));

    [Fact]
    public void AMemberIsFineTunedAndItsExportAgreesToTheLastBit()
    {
        IStudy study = StudyCatalog.Open(Spec(Images()));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        Candidate candidate = study.Space.Canonical([1, 0, 2]);
        Evaluation evaluation = work.Evaluate(shared, candidate, 24, default);
        Assert.Equal(["accuracy", "mmacs"], evaluation.Measurements.Select(m => m.Metric));
        FinishedMember finished = work.Finish(shared, new FrontMember(0, candidate.Key, evaluation.Measurements), new Progress<Progress>(), default);
        Assert.Equal("test_accuracy", finished.Measurements[^1].Metric);
        string model = _room.Model(finished);
        VerifyReport report = StudyRoom.Verified(model);
        Assert.Equal((1.0, 0.0), (report.Manifest.Parity!.Agreement, report.Manifest.Parity.MaxLogitDifference));
        Assert.Equal(["dense", "selectors", "8 bits", "fine-tuning"], JsonNode.Parse(File.ReadAllBytes(Path.Combine(model, TrainingCurves.FileName)))!["curves"]!.AsArray().Select(c => (string)c!["name"]!));
    }

    [Theory]
    [InlineData(",\"bits\":8", "", "bits")]
    [InlineData(",\"softmax_damping\":0.3", "", "softmax_damping")]
    [InlineData(",\"width\":256,\"expansion\":4", "", "512 inputs")]
    [InlineData("", ",\"quant_rte\":0.1", "quant_rate")]
    [InlineData("", ",\"device\":\"cuda\"", "cpu")]
    public void AWrongSpecificationIsRefusedWithTheNameOfWhatIsMeant(string model, string training, string named)
    {
        string text = $$"""{"study":"s","method":"heatvit","data":{"name":"fashion-mnist"},"model":{ {{model.TrimStart(',')}} },"devices":["zcu102"],"objectives":[{"metric":"accuracy"}],"training":{ {{training.TrimStart(',')}} } }""";
        Assert.Contains(named, Assert.Throws<SpecException>(() => StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(text)!))).Message);
    }

    [Fact]
    public void WhatIsSharedDependsOnTheTrainingButNotOnFineTuning()
    {
        string shared = StudyCatalog.Open(Spec("a")).Shared;
        Assert.NotEqual(shared, StudyCatalog.Open(Spec("a", model: ",\"gelu_damping\":1")).Shared);
        Assert.Equal(shared, StudyCatalog.Open(Spec("a") with { Finish = Spec("a").Finish with { Members = 1 } }).Shared);
    }
}
