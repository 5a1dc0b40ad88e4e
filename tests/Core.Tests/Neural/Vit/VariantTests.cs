using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Neural.Vit.DataTicket;
using Hone.Neural.Vit.TriLevel;

namespace Hone.Core.Tests.Neural.Vit;

public class VariantTests
{
    private const int Classes = 4;
    private const double Tolerance = 1e-5, Tie = 5e-6;   // logits are about 1; margins nearer to their threshold than this may fall to either side

    private static readonly PruningPlan[] s_plans = [new([1, 2, 3], [0.8, 0.5, 0.3]), new([1, 2, 4], [0.7, 0.5, 0.4]), new([1, 3, 5], [0.7, 0.4, 0.5])];

    private static PruningPlan Plan(string variant) => s_plans[variant == "pit" ? 1 : variant == "swin" ? 2 : 0];

    [Theory]
    [InlineData("deit", PackageRule.Running)]
    [InlineData("mean", PackageRule.None)]
    [InlineData("mean", PackageRule.PerStage)]
    [InlineData("lv-vit", PackageRule.None)]
    [InlineData("lv-vit", PackageRule.Running)]
    [InlineData("pit", PackageRule.None)]
    [InlineData("pit", PackageRule.Running)]
    [InlineData("pit", PackageRule.PerStage)]
    [InlineData("pit", PackageRule.Merged)]
    [InlineData("swin", PackageRule.None)]
    public void GatheringSaysWhatMasksSay(string variant, PackageRule package)
    {
        using PruningEvaluator evaluator = PruningEvaluator.Open(SmallVariants.Weights(SmallVariants.Config(variant, package)));
        ImageSet images = SmallVariants.Images(1_000, 5);
        PruningThresholds at = evaluator.Calibrate(Plan(variant), SmallVariants.Images(200, 6));
        float[] masked = evaluator.Logits(at, images), below = evaluator.Logits(Moved(at, -Tie), images), above = evaluator.Logits(Moved(at, Tie), images);
        VisionNet net = evaluator.Extract(at);
        using var runner = new ModelRunner(VisionOnnx.Write(net));
        float[] gathered = runner.Logits(images);
        int decided = 0;
        for (int i = 0; i < images.Count; i++)
        {
            Range own = (i * Classes)..((i + 1) * Classes);
            if (!masked[own].SequenceEqual(below[own]) || !masked[own].SequenceEqual(above[own])) continue;
            decided++;
            for (int c = 0; c < Classes; c++) Near(masked[(i * Classes) + c], gathered[(i * Classes) + c]);
        }
        Assert.InRange(decided, 980, 1_000);

        int[][] kept = evaluator.Evaluate(at, images).Kept;
        for (int s = 0; s < 3; s++) Assert.InRange(kept[s].Distinct().Count(), 2, 100);   // images differ in what they lose
        foreach (int i in Enumerable.Range(0, 20))
        {
            VisionAnswer answer = VisionReference.Run(net, images.Pixels.AsSpan(i * images.Stride, images.Stride));
            for (int c = 0; c < Classes; c++) Near(answer.Logits[c], masked[(i * Classes) + c]);
            for (int s = 0; s < 3; s++) Assert.Equal(answer.Kept[s].Count, kept[s][i]);
        }
    }

    private static void Near(float expected, float got) => Assert.Equal(expected, got, Tolerance * Math.Max(1, Math.Abs(expected)));

    private static PruningThresholds Moved(PruningThresholds at, double by) => at with { Thresholds = [.. at.Thresholds.Select(t => (float)(t + by))] };

    [Theory]
    [InlineData("mean")]
    [InlineData("lv-vit")]
    [InlineData("pit")]
    [InlineData("swin")]
    public void ADenseNetIsWhatItsExportSays(string variant)
    {
        using PruningEvaluator evaluator = PruningEvaluator.Open(SmallVariants.Weights(SmallVariants.Config(variant, PackageRule.None)));
        ImageSet images = SmallVariants.Images(100, 7);
        var at = new PruningThresholds(PruningPlan.Dense, []);
        float[] logits = evaluator.Logits(at, images);
        VisionNet net = evaluator.Extract(at);
        using var runner = new ModelRunner(VisionOnnx.Write(net));
        float[] exported = runner.Logits(images);
        for (int i = 0; i < logits.Length; i++) Near(exported[i], logits[i]);
        for (int i = 0; i < 5; i++)
            Assert.All(VisionReference.Run(net, images.Pixels.AsSpan(i * images.Stride, images.Stride)).Logits.Zip(logits[(i * Classes)..]), pair => Near(pair.First, pair.Second));
    }

    [Theory]
    [InlineData("lv-vit", PackageRule.Running)]
    [InlineData("pit", PackageRule.Running)]
    [InlineData("swin", PackageRule.None)]
    public void SelectorsOfEveryStageLearnAndARunThatWasCutEndsInTheSameBytes(string variant, PackageRule package)
    {
        PruningConfig config = SmallVariants.Config(variant, package) with { Dense = SmallVit.Run with { Epochs = 1 }, SharedEpochs = 2, Keeps = [1, 0.7] };
        ImageSet train = SmallVariants.Images(64, 8);   // 8 steps of the dense net, 16 of the selectors
        byte[] whole = PruningTraining.Run(config, train, null, null, null, TimeProvider.System, default);
        using PruningNet trained = PruningModel.Net(PruningModel.Open(whole), config), begun = new(config);
        foreach (int block in config.Positions)
            foreach (string part in (string[])["embed", "fc1", "fc2", "head.fc1"])
            {
                string name = $"{PruningNet.Name(block)}.{part}.weight";
                Assert.False(trained.Selectors[name].equal(begun.Selectors[name]).all().item<bool>(), name);
            }
        byte[]? saved = null;
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => PruningTraining.Run(config, train, null, (step, write) =>
        {
            using var stream = new MemoryStream();
            write(stream);
            saved = stream.ToArray();
        }, new Stop(18, stop), TimeProvider.System, stop.Token));
        using var from = new MemoryStream(saved!);
        Assert.Equal(whole, PruningTraining.Run(config, train, from, null, null, TimeProvider.System, default));
    }

    private sealed class Stop(int step, CancellationTokenSource stop) : IProgress<Progress>
    {
        public void Report(Progress value)
        {
            if (value.Step >= step) stop.Cancel();
        }
    }

    // The papers' tables, in the models that are built here: without LV-ViT's second head. Multiply-accumulates are given with two or three digits.
    [Theory]
    [InlineData("deit-tiny", 5.72, 1.26)]
    [InlineData("deit-small", 22.05, 4.6)]
    [InlineData("lvvit-small", 25.8, 6.6)]
    [InlineData("pit-tiny", 4.85, 0.71)]
    [InlineData("pit-small", 23.46, 2.9)]
    [InlineData("swin-tiny", 28.29, 4.5)]
    public void PublishedShapesHaveThePublishedSizes(string name, double parameters, double macs)
    {
        VitShape shape = Published(name);
        shape.Check();
        Assert.Equal(parameters, VitParameters.Of(shape).Sum(p => (double)p.Count) / 1e6, 0.01 * parameters);
        Assert.Equal(macs, VitWorkload.Macs(PruningWorkload.Lower(PruningPlan.Dense, new PruningConfig { Shape = shape })) / 1e9, 0.06 * macs);
    }

    private static VitShape Published(string name) => name switch
    {
        "deit-tiny" => VitShape.DeitTiny, "deit-small" => VitShape.DeitSmall, "lvvit-small" => VitShape.LvVitSmall,
        "pit-tiny" => VitShape.PitTiny, "pit-small" => VitShape.PitSmall, _ => VitShape.SwinTiny,
    };

    [Fact]
    public void StagesHaveThePublishedGrids()
    {
        Assert.Equal([27, 14, 7], VitShape.PitSmall.Stages.Select(s => s.Grid));
        Assert.Equal([56, 28, 14, 7], VitShape.SwinTiny.Stages.Select(s => s.Grid));
        Assert.Equal([0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 0], Enumerable.Range(0, 12).Select(b => VitShape.SwinTiny.StageOf(b).Shift(b)));
        Assert.Equal((14, 14), (VitShape.LvVitSmall.Grid, VitShape.DeitTiny.Grid));
    }

    [Theory]
    [InlineData("pit")]
    [InlineData("swin")]
    [InlineData("mean")]
    public void MethodsThatAskAClassTokenInOneStageSaySo(string variant)
    {
        VitShape shape = SmallVariants.Of(variant);
        Assert.Contains("model.variant", Assert.Throws<SpecException>(new DataTicketConfig { Shape = shape, Blocks = [1] }.Check).Message);
        Assert.Contains("model.variant", Assert.Throws<SpecException>(new TriLevelConfig { Shape = shape, Blocks = [1] }.Check).Message);
    }

    [Fact]
    public void ARuleThatNeedsNoClassTokenKeepsTheBestPatchesOfAnyNetOfOneStage()
    {
        PruningConfig config = SmallVariants.Config("mean", PackageRule.None);
        using PruningEvaluator evaluator = PruningEvaluator.Open(SmallVariants.Weights(config));
        ImageSet images = SmallVariants.Images(5, 9);
        var all = new PruningPlan([1], [1]);
        float[] dense = evaluator.LogitsOfAll(images), kept = evaluator.Logits(all, TokenRule.Centre, images), half = evaluator.Logits(new PruningPlan([1], [0.5]), TokenRule.Centre, images);
        for (int i = 0; i < dense.Length; i++) Near(dense[i], kept[i]);
        Assert.NotEqual(dense, half);
        Assert.IsType<ArgumentException>(Assert.Throws<AggregateException>(() => evaluator.Logits(new PruningPlan([1], [0.5]), TokenRule.ClassAttention, images)).InnerException);
        using PruningEvaluator staged = PruningEvaluator.Open(SmallVariants.Weights(SmallVariants.Config("pit", PackageRule.None)));
        Assert.IsType<SpecException>(Assert.Throws<AggregateException>(() => staged.Logits(all, TokenRule.Centre, images)).InnerException);
    }

    [Theory]
    [InlineData("package", "model.package")]
    [InlineData("window", "windows that tile")]
    [InlineData("class", "no place for a class token")]
    [InlineData("width", "multiple of stage 0's")]
    [InlineData("patch", "to end with the side")]
    [InlineData("from", "growing numbers of blocks")]
    public void WhatDoesNotGoTogetherIsRefusedByName(string what, string says)
    {
        PruningConfig swin = SmallVariants.Config("swin", PackageRule.None), pit = SmallVariants.Config("pit", PackageRule.None);
        PruningConfig config = what switch
        {
            "package" => swin with { Package = PackageRule.Running },
            "window" => swin with { Shape = swin.Shape with { Variant = swin.Shape.Variant! with { Window = 3 } } },
            "class" => swin with { Shape = swin.Shape with { Variant = swin.Shape.Variant! with { ClassToken = true } } },
            "width" => pit with { Shape = pit.Shape with { Variant = VitVariant.Pit(2, new LaterStage(2, 24, 4)) } },
            "patch" => pit with { Shape = pit.Shape with { Patch = 5 } },
            _ => pit with { Shape = pit.Shape with { Variant = VitVariant.Pit(2, new LaterStage(5, 32, 4)) } },
        };
        Assert.Contains(says, Assert.Throws<SpecException>(config.Check).Message);
    }
}
