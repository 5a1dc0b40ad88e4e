using Hone.Model;
using Hone.Neural.Vit.Spvit;

namespace Hone.Core.Tests.Neural.Vit;

public class SpvitTests
{
    private static readonly ImageSet Train = SmallVit.Images(64);

    private static byte[] Weights(SpvitConfig config) => SpvitTraining.Run(config, Train, null, null, null, TimeProvider.System, default);

    [Theory]
    [InlineData(PackageRule.None)]
    [InlineData(PackageRule.Running)]
    [InlineData(PackageRule.PerStage)]
    public void MasksSayWhatGatheringSays(PackageRule package)
    {
        using SpvitEvaluator evaluator = SpvitEvaluator.Open(Weights(SmallVit.Spvit with { Package = package }));
        ImageSet images = SmallVit.Images(30, seed: 5);
        SpvitThresholds at = evaluator.Calibrate(new SpvitPlan([1, 2, 3], [0.8, 0.5, 0.3]), Train);
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
        using SpvitEvaluator evaluator = SpvitEvaluator.Open(Weights(SmallVit.Spvit));
        SpvitPlan plan = new([1, 3], [0.75, 0.25]);
        int[][] kept = evaluator.Evaluate(evaluator.Calibrate(plan, Train), Train).Kept;
        Assert.Equal(0.75, kept[0].Average() / 16, 0.001);
        Assert.Equal(0.25, kept[1].Average() / 16, 0.001);
    }

    [Fact]
    public void ARunThatWasCutAndGoneOnWithEndsInTheSameBytes()
    {
        byte[] whole = Weights(SmallVit.Spvit);
        foreach (int cut in (int[])[5, 16, 23])   // in the dense net's training, at its end, among the selectors'
        {
            byte[]? saved = null;
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => SpvitTraining.Run(SmallVit.Spvit, Train, null, (step, write) =>
            {
                using var stream = new MemoryStream();
                write(stream);
                saved = stream.ToArray();
            }, new Cut(cut, stop), TimeProvider.System, stop.Token));
            using var from = new MemoryStream(saved!);
            Assert.Equal(whole, SpvitTraining.Run(SmallVit.Spvit, Train, from, null, null, TimeProvider.System, default));
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
        byte[] shared = Weights(SmallVit.Spvit);
        using SpvitEvaluator before = SpvitEvaluator.Open(shared);
        SpvitThresholds at = before.Calibrate(new SpvitPlan([2], [0.5]), Train);
        using SpvitEvaluator after = SpvitEvaluator.Open(SpvitTraining.Tune(SmallVit.Spvit, shared, at, Train, null, null, null, TimeProvider.System, default));
        Assert.NotEqual(before.Logits(at, Train), after.Logits(at, Train));
        SpvitThresholds dense = before.Calibrate(SpvitPlan.Dense, Train);
        Assert.Equal(before.Logits(dense, Train), after.Logits(dense, Train));
    }

    [Fact]
    public void APlanWithoutSelectorsIsTheDenseNet()
    {
        SpvitConfig config = SmallVit.Spvit;
        Candidate first = SpvitSpace.Build(config).Canonical(new int[3]);
        Assert.Equal(SpvitPlan.Dense, SpvitSpace.Plan(first, config));
    }

    [Theory]
    [InlineData("positions", "before block 0")]
    [InlineData("beyond", "model.positions")]
    [InlineData("keeps", "above 0")]
    [InlineData("heads", "at least 2 heads")]
    [InlineData("patch", "multiple of patch")]
    public void WhatNoStudyCanHaveIsRefusedByName(string what, string says)
    {
        SpvitConfig config = what switch
        {
            "positions" => SmallVit.Spvit with { Positions = [0, 2] },
            "beyond" => SmallVit.Spvit with { Positions = [4] },
            "keeps" => SmallVit.Spvit with { Keeps = [1, 0] },
            "heads" => SmallVit.Spvit with { Shape = SmallVit.Shape with { Heads = 1 } },
            _ => SmallVit.Spvit with { Shape = SmallVit.Shape with { Patch = 5 } },
        };
        Assert.Contains(says, Assert.Throws<SpecException>(config.Check).Message);
    }
}
