using Hone.Model;
using Hone.Neural.Vit.TriLevel;

namespace Hone.Core.Tests.Neural.Vit;

public class TriLevelTests
{
    private static readonly ImageSet Train = SmallVit.Images(100);

    private static readonly TriLevelConfig Config = new()
    {
        Shape = SmallVit.Shape, Run = SmallVit.Run with { Epochs = 6 }, Blocks = [1, 2, 3], Keep = 0.7, Links = 0.4, Swaps = 2, SwapEvery = 0.34, Removed = 0.2, Swapped = 0.1,
    };

    private static byte[] Weights(TriLevelConfig config) => TriLevelTraining.Run(config, Train, null, null, null, TimeProvider.System, default);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.7, 1)]
    [InlineData(1, 0.3)]
    [InlineData(0.7, 0.3)]
    public void InferenceIsSparseAsTheReferenceSaysItIs(double keep, double links)
    {
        using TriLevelEvaluator evaluator = TriLevelEvaluator.Open(Weights(Config with { Keep = keep, Links = links }));
        ImageSet images = SmallVit.Images(20, seed: 5);
        float[] logits = evaluator.Logits(images);
        VisionNet net = evaluator.Extract();
        for (int i = 0; i < images.Count; i++)
        {
            VisionAnswer answer = VisionReference.Run(net, images.Pixels.AsSpan(i * images.Stride, images.Stride));
            for (int c = 0; c < 4; c++) Assert.Equal(answer.Logits[c], logits[(i * 4) + c], 1e-4);
        }
    }

    [Fact]
    public void ARunThatWasCutAndGoneOnWithEndsInTheSameBytes()
    {
        byte[] whole = Weights(Config);
        foreach (int cut in (int[])[3, 21, 45])   // before, between and after the swaps
        {
            byte[]? saved = null;
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => TriLevelTraining.Run(Config, Train, null, (_, write) =>
            {
                using var stream = new MemoryStream();
                write(stream);
                saved = stream.ToArray();
            }, new Cut(cut, stop), TimeProvider.System, stop.Token));
            using var from = new MemoryStream(saved!);
            Assert.Equal(whole, TriLevelTraining.Run(Config, Train, from, null, null, TimeProvider.System, default));
        }
    }

    private sealed class Cut(int step, CancellationTokenSource stop) : IProgress<Progress>
    {
        public void Report(Progress value)
        {
            if (value.Step >= step) stop.Cancel();
        }
    }

    [Fact]
    public void TheLeastForgottenLeaveTiesByAttentionThenByNumber()
    {
        var examples = new ActiveExamples(Config, 100);
        int[] active = [.. examples.Active];
        foreach (int e in active)
            for (int t = 0; t < 4; t++)
                examples.Record.Add(e, correct: e % 2 == 0 || t % 2 == 0, variance: e % 4 == 0 ? 1 : 2);   // odd ones are forgotten twice
        examples.Epoch(2);
        int[] expected = [.. active.Where(e => e % 4 == 0).Order().Take(10)];
        Assert.Equal(expected, examples.Left.Order());
        Assert.Equal(80, examples.Active.Count);
        Assert.Empty(examples.Active.Intersect(examples.Left));
        Assert.Equal(80, examples.Active.Distinct().Count());
    }

    [Fact]
    public void AnExampleThatWasNeverRightStaysAndOnePresentedOnceIsNotRanked()
    {
        var record = new ExampleRecord(3);
        for (int t = 0; t < 3; t++) record.Add(0, correct: false, 0);
        record.Add(1, correct: true, 0);
        record.Add(2, correct: true, 0);
        record.Add(2, correct: false, 0);
        Assert.Equal(3, record.Forgotten(0));
        Assert.False(record.IsRanked(1));
        Assert.True(record.IsRanked(2));
        Assert.Equal(1, record.Forgotten(2));
    }

    [Fact]
    public void WithoutTwoPresentationsNobodyIsSwapped()
    {
        var examples = new ActiveExamples(Config, 100);
        int[] before = [.. examples.Active];
        foreach (int e in before) examples.Record.Add(e, true, 0);
        examples.Epoch(2);
        Assert.Equal(before, examples.Active);
    }

    [Fact]
    public void AnEpochPresentsEveryActiveExampleOnce()
    {
        var examples = new ActiveExamples(Config, 100);
        Assert.Equal(examples.Active.Order(), examples.Epoch(0).Order());
        Assert.NotEqual(examples.Epoch(0), examples.Epoch(1));
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.033, 1.0)]
    [InlineData(0.2, 0.95)]     // half way of the cosine
    [InlineData(0.37, 0.9)]
    [InlineData(1.0, 0.9)]
    public void SharesFallAlongACosine(double done, double expected) => Assert.Equal(expected, new TriLevelConfig().Share(0.9, done), 0.001);

    [Fact]
    public void InBlockPruningHasTheSheetsCosts()
    {
        foreach (var (keep, share) in ((double, double)[])[(0.9, 0.884), (0.8, 0.765), (0.7, 0.671)])
        {
            TriLevelConfig config = new() { Shape = Hone.Neural.Vit.VitShape.FashionMnist, Keep = keep, Links = 1 };
            double dense = Macs(config with { Keep = 1 });
            Assert.Equal(share, Macs(config) / dense, 0.005);
        }

        static double Macs(TriLevelConfig config) => Hone.Neural.Vit.VitWorkload.Macs(TriLevelWorkload.Lower(config, NumberFormat.F32));
    }

    [Theory]
    [InlineData("keep", "model.keep")]
    [InlineData("blocks", "model.blocks")]
    [InlineData("removed", "model.removed")]
    public void WhatNoTrainingCanHaveIsRefusedByName(string what, string says)
    {
        TriLevelConfig config = what switch { "keep" => Config with { Keep = 0 }, "blocks" => Config with { Blocks = [4] }, _ => Config with { Removed = 1 } };
        Assert.Contains(says, Assert.Throws<SpecException>(config.Check).Message);
    }
}
