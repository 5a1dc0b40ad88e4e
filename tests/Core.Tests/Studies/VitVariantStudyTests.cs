using System.Text.Json.Nodes;
using Hone.Core.Tests.Neural.Vit;
using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Studies;
using Hone.Studies.Images;

namespace Hone.Core.Tests.Studies;

/// <summary>Studies of token pruning on every variant, on images made here.</summary>
public sealed class VitVariantStudyTests : IDisposable
{
    private const int Side = SmallVariants.Side;
    private readonly StudyRoom _room = new();

    public void Dispose() => _room.Dispose();

    private static StudySpec Spec(string model, string data = "\"name\":\"fashion-mnist\"", string devices = """{"name":"pi","kind":"attached"}""", string training = "") => StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"tiny","method":"spvit","data":{{{data}}},"model":{{{model}}},"devices":[{{devices}}],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"training":{"batch":8,"threads":1{{training}}},"finish":{"members":1,"rank_images":16},"seed":3}""")!);

    private static Workload Dense(StudySpec spec)
    {
        IStudy study = StudyCatalog.Open(spec);
        return study.Lower(study.Space.Canonical(new int[study.Space.Genes.Count]));
    }

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("fashion-clutter")]
    [InlineData("cifar-10")]
    public void EveryVariantHasASmallShapeOnEveryDataSet(string data)
    {
        string name = $"\"name\":\"{data}\"";
        Workload deit = Dense(Spec("\"variant\":\"deit\"", name)), plain = Dense(Spec("", name)), lv = Dense(Spec("\"variant\":\"lv-vit\"", name)), pit = Dense(Spec("\"variant\":\"pit\"", name)),
            swin = Dense(Spec("\"variant\":\"swin\"", name));
        Assert.Equal(plain, deit);
        Assert.Equal([0, 3, 3, 0], new[] { deit, lv, pit, swin }.Select(w => w.Ops.AsEnumerable().Count(op => op is Op.Conv)));   // three of the stem; one of the stem and two pools
        Assert.All(new[] { deit, lv, pit, swin }, w => Assert.InRange(VitWorkload.Macs(w) / VitWorkload.Macs(deit), 0.3, 2));
        Op.Attention[] windows = [.. swin.Ops.AsEnumerable().OfType<Op.Attention>()];
        Assert.True(windows[0].Repeat > 1);
        Assert.All(windows, a => Assert.Contains(a.Queries.Max, (int[])[16, 49]));
    }

    [Fact]
    public void WhatSelectorsDropIsSavedInLaterStagesToo()
    {
        foreach (string variant in (string[])["pit", "swin"])
        {
            IStudy study = StudyCatalog.Open(Spec($"\"variant\":\"{variant}\""));
            int[] genes = new int[study.Space.Genes.Count];
            double dense = VitWorkload.Macs(study.Lower(study.Space.Canonical(genes)));
            Array.Fill(genes, 3);                                              // each selector keeps 0.7 of what arrives
            Workload pruned = study.Lower(study.Space.Canonical(genes));
            Assert.InRange(VitWorkload.Macs(pruned) / dense, 0.3, 0.9);
            Assert.Equal(genes.Length, pruned.Ops.AsEnumerable().Count(op => op is Op.Select));
        }
    }

    [Theory]
    [InlineData("\"variant\":\"swim\"", "\"zcu102\"", "swin")]
    [InlineData("\"variant\":\"pit\"", "\"zcu102\"", "convolution")]
    [InlineData("\"variant\":\"lv-vit\"", "\"zcu102\"", "convolution")]
    [InlineData("\"variant\":\"swin\",\"package\":\"running\"", "\"zcu102\"", "package")]
    [InlineData("\"variant\":\"swin\",\"window\":5", "\"zcu102\"", "windows that tile")]
    [InlineData("\"variant\":\"pit\",\"window\":7", "\"zcu102\"", "window")]
    public void WhatCannotBeIsRefusedByName(string model, string device, string named) =>
        Assert.Contains(named, Assert.Throws<SpecException>(() => StudyCatalog.Open(Spec(model, devices: device))).Message);

    [Fact]
    public void NoEpochsNeedACheckpoint() =>
        Assert.Contains("training.epochs", Assert.Throws<SpecException>(() => StudyCatalog.Open(Spec("", training: ",\"epochs\":0"))).Message);

    [Theory]
    [InlineData("deit")]
    [InlineData("swin")]
    public void ABoardPricesProductsAndWindows(string variant)
    {
        IStudy study = StudyCatalog.Open(Spec($"\"variant\":\"{variant}\"", devices: "\"zcu102\""));
        Quote quote = DeviceCatalog.Open(study.Spec.Devices[0]).Price(Schedule.Once(study.Lower(study.Space.Canonical(new int[study.Space.Genes.Count]))));
        Assert.True(quote.Value("latency_ms") > 0);
    }

    private string Images() => _room.Images(SmallVariants.Images(120, 1), SmallVariants.Images(12, 2));

    private StudySpec Small(string model, string training) => Spec($"\"side\":{Side},\"channels\":1,\"classes\":4,\"width\":16,\"heads\":2,\"depth\":6,\"expansion\":2{model}",
        $"\"name\":\"image-folder\",\"path\":\"{Images()}\",\"train\":32", training: $",\"search_images\":16,\"validation_images\":16,\"calibration_images\":16,\"warm_up_epochs\":0,\"branches\":\"float32\"{training}");

    [Theory]
    [InlineData("lv-vit")]
    [InlineData("pit")]
    [InlineData("swin")]
    public void AStudyRunsFromImagesToAVerifiedMember(string variant)
    {
        IStudy study = StudyCatalog.Open(Small($",\"variant\":\"{variant}\"", ",\"epochs\":1,\"shared_epochs\":1,\"tune_epochs\":1"));
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        int[] genes = new int[study.Space.Genes.Count];
        Array.Fill(genes, 2);
        Candidate candidate = study.Space.Canonical(genes);
        var member = new FrontMember(0, candidate.Key, work.Evaluate(shared, candidate, study.SearchImages, default).Measurements);
        FinishedMember finished = work.Finish(shared, member, new Progress<Progress>(), default);
        VerifyReport report = StudyRoom.Verified(_room.Model(finished));
        Assert.Equal(1, report.Manifest.Parity!.Agreement);
    }

    [Theory]
    [InlineData(TensorType.F32, 0)]
    [InlineData(TensorType.F16, 1e-3)]
    [InlineData(TensorType.BF16, 8e-3)]
    public void ADenseNetBeginsWithPublishedWeights(TensorType type, double rounding)
    {
        VitShape shape = SmallVariants.Deit with { Depth = 6 };
        string file = Path.Combine(_room.Folder, "published.safetensors");
        var chance = new Chance(5, Streams.Weights);
        Dictionary<string, float[]> values = VitParameters.Of(shape).ToDictionary(p => p.Name, p => Enumerable.Range(0, p.Count).Select(_ => (float)(0.2 * chance.NextGaussian())).ToArray());
        File.WriteAllBytes(file, SafeTensorsWriter.Write(VitParameters.Of(shape).Select(p =>
            Of(p.Name, values[p.Name], p.Name == "patch_embed.proj.weight" ? [p.Shape[0], 1, 4, 4] : p.Shape, type))));
        IStudy study = StudyCatalog.Open(Small($",\"patch\":4,\"checkpoint\":\"{file}\"", ",\"epochs\":0,\"shared_epochs\":1"));
        using IStudyWork work = _room.Work(study);
        using Stream stored = _room.Blobs.Open(work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default));
        using var bytes = new MemoryStream();
        stored.CopyTo(bytes);
        using PruningEvaluator evaluator = PruningEvaluator.Open(bytes.ToArray());
        VisionNet dense = evaluator.Extract(new PruningThresholds(PruningPlan.Dense, []));
        float[] expected = values["blocks.3.mlp.fc1.weight"], got = dense.Stages[0].Blocks[3].Fc1.Weights;
        for (int i = 0; i < got.Length; i++) Assert.Equal(expected[i], got[i], rounding * (Math.Abs(expected[i]) + 0.01) + 1e-9);

        StudySpec foreign = Small($",\"patch\":4,\"variant\":\"pit\",\"checkpoint\":\"{file}\"", ",\"epochs\":0,\"shared_epochs\":1");
        using IStudyWork refusing = _room.Work(StudyCatalog.Open(foreign));
        Assert.Contains("transformers.0.blocks.0.norm1.weight [16]", Assert.Throws<HoneException>(() => refusing.Prepare(null, (_, _) => { }, new Progress<Progress>(), default)).Message);
    }

    [Fact]
    public void IntegersAreNoWeightsAndAFileThatIsNotThereIsNamed()
    {
        VitShape shape = SmallVariants.Deit;
        string file = Path.Combine(_room.Folder, "integers.safetensors");
        File.WriteAllBytes(file, SafeTensorsWriter.Write(VitParameters.Of(shape).Select(p => p.Name == "head.bias" ? SafeTensor.Of(p.Name, new sbyte[p.Count], p.Shape)
            : SafeTensor.Of(p.Name, new float[p.Count], p.Name == "patch_embed.proj.weight" ? [p.Shape[0], 1, 4, 4] : p.Shape))));
        string message = Assert.Throws<HoneException>(() => VitCheckpoint.Weights(shape, PublishedWeights.Read(file))).Message;
        Assert.EndsWith("of another shape: head.bias (expected [4], got [4] of 0 numbers)", message);
        Assert.Contains("nowhere.safetensors", Assert.Throws<HoneException>(() => PublishedWeights.Read(Path.Combine(_room.Folder, "nowhere.safetensors"))).Message);
        Assert.Contains(_room.Folder, Assert.Throws<HoneException>(() => PublishedWeights.Read(_room.Folder)).Message);
    }

    private static SafeTensor Of(string name, float[] values, long[] shape, TensorType type) => type switch
    {
        TensorType.F16 => SafeTensor.Of(name, Array.ConvertAll(values, v => (Half)v), shape),
        TensorType.BF16 => new SafeTensor(name, type, shape, values.SelectMany(v => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(v) >> 16))).ToArray()),
        _ => SafeTensor.Of(name, values, shape),
    };
}
