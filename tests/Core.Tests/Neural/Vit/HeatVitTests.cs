using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

public class HeatVitTests
{
    private static readonly ImageSet Train = SmallVit.Images(64);

    private static readonly Lazy<byte[]> Trained = new(() => Weights(SmallVit.HeatVit));

    private static byte[] Weights(HeatVitConfig config) => HeatVitTraining.Run(config, Train, null, null, null, TimeProvider.System, default);

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 1)]
    public void TheEmulatedNetIsTheIntegerNetBitForBit(double delta1, double delta2)
    {
        using HeatVitEvaluator evaluator = HeatVitEvaluator.Open(Weights(SmallVit.HeatVit with { Delta1 = delta1, Delta2 = delta2 }));
        ImageSet images = SmallVit.Images(120, seed: 5);
        PruningThresholds at = evaluator.Calibrate(new PruningPlan([1, 2, 3], [0.8, 0.5, 0.3]), Train);
        IntegerNet net = evaluator.Extract(at);
        float[] logits = evaluator.Logits(at, images);
        int[][] kept = evaluator.Evaluate(at, images).Kept;
        Assert.True(kept[2].Distinct().Count() > 1);                           // the counts differ from image to image
        for (int i = 0; i < images.Count; i++)
        {
            IntegerAnswer answer = HeatVitInteger.Run(net, images.Pixels.AsSpan(i * images.Stride, images.Stride));
            for (int c = 0; c < 4; c++) Assert.Equal(FixedPoint.Real(answer.Logits[c]), logits[(i * 4) + c]);
            for (int s = 0; s < 3; s++) Assert.Equal(answer.Kept[s].Count, kept[s][i]);
        }
    }

    [Fact]
    public void ThereIsNeverMoreThanOnePackage()
    {
        using HeatVitEvaluator evaluator = HeatVitEvaluator.Open(Trained.Value);
        IntegerNet net = evaluator.Extract(evaluator.Calibrate(new PruningPlan([1, 2, 3], [0.7, 0.5, 0.2]), Train));
        for (int i = 0; i < 20; i++)
        {
            IntegerAnswer answer = HeatVitInteger.Run(net, Train.Pixels.AsSpan(i * Train.Stride, Train.Stride));
            Assert.Equal(17, answer.Tokens[0]);
            for (int s = 0; s < 3; s++) Assert.InRange(answer.Tokens[s + 1], answer.Kept[s].Count + 1, answer.Kept[s].Count + 2);   // the class token, and one package at most
        }
    }

    [Fact]
    public void APlanWithoutSelectorsIsANetThatKeepsEveryToken()
    {
        using HeatVitEvaluator evaluator = HeatVitEvaluator.Open(Trained.Value);
        PruningThresholds dense = evaluator.Calibrate(PruningPlan.Dense, Train);
        IntegerNet net = evaluator.Extract(dense);
        Assert.False(net.IsDynamic);
        Assert.Equal(FixedPoint.Real(HeatVitInteger.Run(net, Train.Pixels.AsSpan(0, Train.Stride)).Logits[2]), evaluator.Logits(dense, Train)[2]);
    }

    [Fact]
    public void ANetWithoutSelectorsHasHeadsOfAnyWidth()
    {
        PruningConfig narrow = SmallVit.HeatVit.Pruning with { Shape = SmallVit.Shape with { Width = 7 * SmallVit.Shape.Heads }, Positions = [] };
        HeatVitConfig config = SmallVit.HeatVit with { Pruning = narrow };
        byte[] dense = DenseTraining.Run(narrow.Shape, narrow.Dense, Train, null, null, null, TimeProvider.System, default);
        byte[] frozen = HeatVitTraining.Freeze(config, PruningTraining.Begin(narrow, dense), Train);
        byte[] trained = HeatVitTraining.Tune(config, frozen, new PruningThresholds(PruningPlan.Dense, []), Train, null, null, null, TimeProvider.System, default);
        using HeatVitEvaluator before = HeatVitEvaluator.Open(frozen), after = HeatVitEvaluator.Open(trained);
        PruningThresholds at = after.Calibrate(PruningPlan.Dense, Train);
        float[] logits = after.Logits(at, Train);
        Assert.NotEqual(before.Logits(at, Train), logits);
        Assert.Equal(logits[..4], HeatVitInteger.Run(after.Extract(at), Train.Pixels.AsSpan(0, Train.Stride)).Logits.Select(l => FixedPoint.Real(l)));
    }

    [Fact]
    public void ThresholdsMeetThePlansSharesButForEqualScores()
    {
        using HeatVitEvaluator evaluator = HeatVitEvaluator.Open(Trained.Value);
        int[][] kept = evaluator.Evaluate(evaluator.Calibrate(new PruningPlan([1, 3], [0.75, 0.25]), Train), Train).Kept;
        Assert.Equal(0.75, kept[0].Average() / 16, 0.03);
        Assert.Equal(0.25, kept[1].Average() / 16, 0.03);
    }

    [Fact]
    public void ARunThatWasCutAndGoneOnWithEndsInTheSameBytes()
    {
        byte[] whole = Trained.Value;
        foreach (int cut in (int[])[5, 23, 32, 40])   // in the dense net's training, among the selectors', at their end, in 8 bits
        {
            byte[]? saved = null;
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => HeatVitTraining.Run(SmallVit.HeatVit, Train, null, (_, write) =>
            {
                using var stream = new MemoryStream();
                write(stream);
                saved = stream.ToArray();
            }, new Cut(cut, stop), TimeProvider.System, stop.Token));
            using var from = new MemoryStream(saved!);
            Assert.Equal(whole, HeatVitTraining.Run(SmallVit.HeatVit, Train, from, null, null, TimeProvider.System, default));
        }
    }

    private sealed class Cut(int step, CancellationTokenSource stop) : IProgress<Progress>
    {
        public void Report(Progress value)
        {
            Assert.Equal(48, value.Steps);                                     // 16 of each of three trainings
            if (value.Step >= step) stop.Cancel();
        }
    }

    [Fact]
    public void FineTuningChangesTheNet()
    {
        byte[] shared = Trained.Value;
        using HeatVitEvaluator before = HeatVitEvaluator.Open(shared);
        PruningThresholds at = before.Calibrate(new PruningPlan([2], [0.5]), Train);
        using HeatVitEvaluator after = HeatVitEvaluator.Open(HeatVitTraining.Tune(SmallVit.HeatVit, shared, at, Train, null, null, null, TimeProvider.System, default));
        Assert.NotEqual(before.Logits(at, Train), after.Logits(at, Train));
    }

    [Theory]
    [InlineData("wide", "at most 512 inputs")]
    [InlineData("damping", "gelu_damping")]
    [InlineData("softmax", "softmax_damping")]
    [InlineData("package", "merged package")]
    public void WhatTheIntegerNetCanNotBeIsRefusedByName(string what, string says)
    {
        HeatVitConfig config = what switch
        {
            "wide" => SmallVit.HeatVit with { Pruning = SmallVit.HeatVit.Pruning with { Shape = SmallVit.Shape with { Width = 256, Expansion = 4 } } },
            "damping" => SmallVit.HeatVit with { Delta1 = 0 },
            "softmax" => SmallVit.HeatVit with { Delta2 = 0.3 },
            _ => SmallVit.HeatVit with { Pruning = SmallVit.HeatVit.Pruning with { Package = PackageRule.Running } },
        };
        Assert.Contains(says, Assert.Throws<SpecException>(config.Check).Message);
    }
}
