using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

public class PruningTests
{
    private static readonly ImageSet Train = SmallVit.Images(64);

    private static byte[] Weights(PruningConfig config) => PruningTraining.Run(config, Train, null, null, null, TimeProvider.System, default);

    [Theory]
    [InlineData(PackageRule.None)]
    [InlineData(PackageRule.Running)]
    [InlineData(PackageRule.PerStage)]
    public void MasksSayWhatGatheringSays(PackageRule package)
    {
        using PruningEvaluator evaluator = PruningEvaluator.Open(Weights(SmallVit.Pruning with { Package = package }));
        ImageSet images = SmallVit.Images(30, seed: 5);
        PruningThresholds at = evaluator.Calibrate(new PruningPlan([1, 2, 3], [0.8, 0.5, 0.3]), Train);
        VisionNet net = evaluator.Extract(at);
        float[] logits = evaluator.Logits(at, images);
        int[][] kept = evaluator.Evaluate(at, images).Kept;
        Assert.Contains(kept[2], count => count != kept[2][0]);   // the counts differ from image to image
        for (int i = 0; i < images.Count; i++)
        {
            VisionAnswer answer = VisionReference.Run(net, images.Pixels.AsSpan(i * images.Stride, images.Stride));
            for (int c = 0; c < 4; c++) Assert.Equal(answer.Logits[c], logits[(i * 4) + c], 1e-4);
            for (int s = 0; s < 3; s++) Assert.Equal(answer.Kept[s].Count, kept[s][i]);
        }
    }

    [Fact]
    public void ThresholdsMeetThePlansShares()
    {
        using PruningEvaluator evaluator = PruningEvaluator.Open(Weights(SmallVit.Pruning));
        PruningPlan plan = new([1, 3], [0.75, 0.25]);
        int[][] kept = evaluator.Evaluate(evaluator.Calibrate(plan, Train), Train).Kept;
        Assert.Equal(0.75, kept[0].Average() / 16, 0.001);
        Assert.Equal(0.25, kept[1].Average() / 16, 0.001);
    }

    [Fact]
    public void ARunThatWasCutAndGoneOnWithEndsInTheSameBytes()
    {
        byte[] whole = Weights(SmallVit.Pruning);
        foreach (int cut in (int[])[5, 16, 23])   // in the dense net's training, at its end, among the selectors'
        {
            byte[]? saved = null;
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => PruningTraining.Run(SmallVit.Pruning, Train, null, (step, write) =>
            {
                using var stream = new MemoryStream();
                write(stream);
                saved = stream.ToArray();
            }, new Cut(cut, stop), TimeProvider.System, stop.Token));
            using var from = new MemoryStream(saved!);
            Assert.Equal(whole, PruningTraining.Run(SmallVit.Pruning, Train, from, null, null, TimeProvider.System, default));
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
    public void FineTuningChangesTheNetAndKeepsItsTeacher()
    {
        byte[] shared = Weights(SmallVit.Pruning);
        using PruningEvaluator before = PruningEvaluator.Open(shared);
        PruningThresholds at = before.Calibrate(new PruningPlan([2], [0.5]), Train);
        using PruningEvaluator after = PruningEvaluator.Open(PruningTraining.Tune(SmallVit.Pruning, shared, at, Train, null, null, null, TimeProvider.System, default));
        Assert.NotEqual(before.Logits(at, Train), after.Logits(at, Train));
        PruningThresholds dense = before.Calibrate(PruningPlan.Dense, Train);
        Assert.Equal(before.Logits(dense, Train), after.Logits(dense, Train));
    }

    [Fact]
    public void APlanWithoutSelectorsIsTheDenseNet()
    {
        PruningConfig config = SmallVit.Pruning;
        Candidate first = PruningSpace.Build(config).Canonical(new int[3]);
        Assert.Equal(PruningPlan.Dense, PruningSpace.Plan(first, config));
    }

    [Theory]
    [InlineData("positions", "before block 0")]
    [InlineData("beyond", "model.positions")]
    [InlineData("keeps", "above 0")]
    [InlineData("heads", "at least 2 heads")]
    [InlineData("patch", "multiple of patch")]
    public void WhatNoStudyCanHaveIsRefusedByName(string what, string says)
    {
        PruningConfig config = what switch
        {
            "positions" => SmallVit.Pruning with { Positions = [0, 2] },
            "beyond" => SmallVit.Pruning with { Positions = [4] },
            "keeps" => SmallVit.Pruning with { Keeps = [1, 0] },
            "heads" => SmallVit.Pruning with { Shape = SmallVit.Shape with { Heads = 1 } },
            _ => SmallVit.Pruning with { Shape = SmallVit.Shape with { Patch = 5 } },
        };
        Assert.Contains(says, Assert.Throws<SpecException>(config.Check).Message);
    }
}
