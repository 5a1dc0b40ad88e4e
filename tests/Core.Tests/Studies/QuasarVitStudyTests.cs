using System.Text.Json.Nodes;
using Hone.Core.Tests.Neural;
using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Search;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

/// <summary>The whole method without a cluster: trained, searched, priced, exported, verified, on images made here.</summary>
public sealed class QuasarVitStudyTests : IDisposable
{
    private readonly StudyRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Theory]
    [InlineData("""{"side":20}""", "1x28x28")]
    [InlineData("""{"side":30}""", "patch")]
    [InlineData("""{"channels":3}""", "1x28x28")]
    [InlineData("""{"classes":5}""", "10 classes")]
    public void ASpaceThatDoesNotFitTheImagesIsRefusedBeforeAnythingIsLoaded(string model, string named)
    {
        StudySpec spec = StudySpec.Parse((JsonObject)JsonNode.Parse(
            $$"""{"study":"unfit","method":"quasar-vit","data":{"name":"fashion-mnist"},"model":{{model}},"devices":["zcu102-eighth"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""")!);
        Assert.Contains(named, Assert.Throws<SpecException>(() => StudyCatalog.Open(spec)).Message);
    }

    private static StudySpec Spec(string data, string model = "", string devices = "\"zcu102-eighth\"", string metric = "latency_ms", string training = "") => StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"tiny","method":"quasar-vit","data":{"name":"image-folder","path":"{{data}}","train":48},"model":{"side":12,"patch":4,"channels":1,"classes":3,"widths":[16,32],"depths":[1,2],"heads":[1,2],"expansions":[1,2]{{model}}},"devices":[{{devices}}],"objectives":[{"metric":"accuracy"},{"metric":"{{metric}}"}],"search":{"population":4,"window":2},"budget":{"trials":8},"training":{"epochs":2,"batch":16,"threads":1,"crop":1,"search_images":12,"validation_images":24{{training}}},"finish":{"members":2,"rank_images":24},"seed":5}""")!);

    private string Images() => _room.Images(Tiny.Images(90), Tiny.Images(12, 2));

    [Fact]
    public void AStudyRunsFromImagesToAVerifiedMemberWithoutACluster()
    {
        IStudy study = StudyCatalog.Open(Spec(Images()));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        IDevice device = DeviceCatalog.Open(study.Spec.Devices[0]);
        var loop = new SearchLoop(SearcherCatalog.Create(new SearchSpec("nsga2", 4, 2), study.Space, study.Spec.Objectives, 5), study.Spec.Objectives, 2, 8);
        List<Trial> trials = loop.Run(asked => new Outcome.Evaluated([
            .. work.Evaluate(shared, asked.Candidate, study.SearchImages, default).Measurements,
            .. device.Price(Schedule.Once(study.Lower(asked.Candidate))).Totals])).ToList();
        FrontMember member = FrontSelection.Members(trials, study.Spec.Objectives)[0];
        FinishedMember finished = work.Finish(shared, member, new Progress<Progress>(), default);
        Assert.Equal("test_accuracy", finished.Measurements[0].Metric);
        Assert.Equal(Origin.Trained, finished.Measurements[0].Origin);
        string model = _room.Model(finished);
        VerifyReport report = StudyRoom.Verified(model);
        Assert.True(report.Manifest.Parity!.Agreement >= 0.9, $"agreement {report.Manifest.Parity.Agreement}");
        File.AppendAllText(Path.Combine(model, "model.onnx"), "\n");
        Assert.False(ModelVerifier.Verify(model).Passed);
    }

    [Fact]
    public void AFineTunedMemberIsMeasuredAnewAndItsExportIsTheTunedNet()
    {
        IStudy study = StudyCatalog.Open(Spec(Images(), training: ",\"tune_epochs\":3,\"tune_rate\":0.003"));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        Candidate candidate = study.Space.Sample(new Chance(1, 1));
        var member = new FrontMember(0, candidate.Key, work.Evaluate(shared, candidate, 24, default).Measurements);
        FinishedMember finished = work.Finish(shared, member, new Progress<Progress>(), default), again = work.Finish(shared, member, new Progress<Progress>(), default);
        FrontMember measured = member.With(finished.Measurements);
        Assert.Equal(["accuracy", "test_accuracy", "inherited_accuracy"], measured.Measurements.Select(m => m.Metric));
        Assert.Equal(member.Value("accuracy"), measured.Value("inherited_accuracy"));
        Assert.Equal(finished.Files, again.Files);                             // the same bytes
        using Stream file = _room.Blobs.Open(finished.Files.AsEnumerable().Single(f => f.Path == TrainingCurves.FileName).Blob);
        JsonArray curves = JsonNode.Parse(file)!["curves"]!.AsArray();
        Assert.Equal(["supernet", "fine-tuning"], curves.Select(c => (string)c!["name"]!));
        Assert.Equal([6, 9], curves.Select(c => (int)c!["points"]!.AsArray()[^1]![0]!));   // 2 and 3 epochs of 48 images in batches of 16
    }

    [Fact]
    public void AnEvaluationOfThesameCandidateGivesTheSameBits()
    {
        IStudy study = StudyCatalog.Open(Spec(Images()));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        Candidate candidate = study.Space.Sample(new Chance(1, 1));
        Evaluation first = work.Evaluate(shared, candidate, 12, default), second = work.Evaluate(shared, candidate, 12, default);
        Assert.Equal(first.Correct, second.Correct);
        Assert.Equal(8, first.Correct.Length);
        Assert.Equal(first.Measurements[0].Value, 100.0 * first.Correct.Sum(b => System.Numerics.BitOperations.PopCount(b)) / 12, 3);
    }

    [Theory]
    [InlineData(",\"widhts\":[16]", "\"zcu102-eighth\"", "latency_ms", "", "widths")]
    [InlineData("", "\"zcu102-eigth\"", "latency_ms", "", "zcu102-eighth")]
    [InlineData("", "", "latency_ms", "", "device")]
    [InlineData("", "\"zcu102-eighth\"", "latency", "", "latency_ms")]
    [InlineData("", "\"zcu102-eighth\"", "latency_ms", ",\"epoch\":3", "epochs")]
    [InlineData("", "{\"name\":\"zcu102-eighth\",\"clock\":100}", "latency_ms", "", "clock_mhz")]
    [InlineData(",\"layer_scale\":\"big\"", "\"zcu102-eighth\"", "latency_ms", "", "layer_scale")]
    public void AWrongSpecificationIsRefusedWithTheNameOfWhatIsMeant(string model, string devices, string metric, string training, string named)
    {
        SpecException error = Assert.Throws<SpecException>(() => StudyCatalog.Open(Spec("nowhere", model, devices, metric, training)));
        Assert.Contains(named, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void WhatIsSharedDependsOnModelDataAndRecipeButNotOnTheSearch()
    {
        string shared = StudyCatalog.Open(Spec("a")).Shared;
        Assert.NotEqual(shared, StudyCatalog.Open(Spec("b")).Shared);
        Assert.NotEqual(shared, StudyCatalog.Open(Spec("a", training: ",\"peak_rate\":0.001")).Shared);
        Assert.Equal(shared, StudyCatalog.Open(Spec("a", metric: "dsp")).Shared);
    }

    [Fact]
    public void AnUnknownAlgorithmIsRefusedWhenTheStudyIsOpened()
    {
        StudySpec spec = Spec("a");
        Assert.Contains("nsga2", Assert.Throws<SpecException>(() => StudyCatalog.Open(spec with { Search = spec.Search with { Algorithm = "nsga3" } })).Message);
    }

    [Fact]
    public void AnUnknownMethodNamesTheNearest()
    {
        StudySpec spec = Spec("a") with { Method = "quasarvit" };
        Assert.Contains("quasar-vit", Assert.Throws<SpecException>(() => StudyCatalog.Open(spec)).Message);
    }
}
