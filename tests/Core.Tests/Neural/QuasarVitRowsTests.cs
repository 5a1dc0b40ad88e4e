using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class QuasarVitRowsTests
{
    /// <summary>score[m] = sum_j (W - W4)^2 E[x_j^2], written out.</summary>
    private static double[] Scores(float[] w, float[] logSteps, float[] squares) => [.. logSteps.Select((log, m) =>
    {
        double s = Math.Exp(log), score = 0;
        for (int j = 0; j < squares.Length; j++)
        {
            double value = w[m * squares.Length + j], near = s * Math.Clamp(Math.Round(value / s), -8, 7);
            score += (value - near) * (value - near) * squares[j];
        }
        return score;
    })];

    private static void FallsAlong(int[] order, double[] scores)
    {
        Assert.Equal(Enumerable.Range(0, scores.Length), order.Order());
        for (int i = 1; i < order.Length; i++) Assert.True(scores[order[i - 1]] >= scores[order[i]] * (1 - 1e-4), $"place {i}: {scores[order[i - 1]]} before {scores[order[i]]}");
        Assert.True(scores[order[0]] > 1.1 * scores[order[^1]]);               // there is something to order
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenTheQuantisersBeginRowsAreOrderedByTheStepsSetThen(bool entangled)
    {
        QuasarVitConfig config = Tiny.Config with { Entangled = entangled };
        using var scope = NewDisposeScope();
        using var net = new QuasarVitSupernet(config);
        QuasarVitGenome largest = QuasarVitGenome.Largest(config);
        var chance = new Chance(3, 77);
        Tensor codes = tensor(ParameterArena.Normal(4 * config.Patches * config.PatchSize, 40, chance)).view(4, config.Patches, config.PatchSize);
        using (no_grad())
        {
            net.Quantised = false;
            net.Forward(codes, largest, ScalarType.Float32, collect: true);
            foreach (string name in net.Arena.Names.Where(n => n is "b1.fc1" or "b2.qkv").ToList())   // what float training does to the rows, some more than others
                net.Arena[name].mul_(linspace(0.2, 5, net.Arena[name].shape[0]).unsqueeze(1));
        }
        net.BeginQuantised(codes, largest);
        foreach (var (block, matrix, name) in new[] { (0, 2, "b1.fc1"), (1, 0, "b2.qkv") })
            FallsAlong(net.Rows.Order(block, matrix), Scores(net.Arena[name].Numbers(), net.Arena[name + ".log4"].Numbers(), net.Rows.Squares[block * 4 + matrix]));
    }

    [Fact]
    public void SeparateFourBitRowsAreScoredByTheirOwnLatentWeights()
    {
        QuasarVitConfig config = Tiny.Config with { Entangled = false };
        using var scope = NewDisposeScope();
        using var net = new QuasarVitSupernet(config);
        var chance = new Chance(4, 77);
        Tensor codes = tensor(ParameterArena.Normal(4 * config.Patches * config.PatchSize, 40, chance)).view(4, config.Patches, config.PatchSize);
        using (no_grad()) net.Forward(codes, QuasarVitGenome.Largest(config), ScalarType.Float32, collect: true);
        net.BeginQuantised(codes, QuasarVitGenome.Largest(config));
        using (no_grad()) net.Arena["b1.fc1.w4"].copy_(tensor(ParameterArena.Normal((int)net.Arena["b1.fc1"].numel(), 0.3, chance)).view(net.Arena["b1.fc1"].shape));
        net.OrderRows();
        FallsAlong(net.Rows.Order(0, 2), Scores(net.Arena["b1.fc1.w4"].Numbers(), net.Arena["b1.fc1.log4"].Numbers(), net.Rows.Squares[2]));
    }

    [Fact]
    public void AStepsFirstMoveIsTheRateHoweverLateItBegins()
    {
        using var scope = NewDisposeScope();
        using var arena = new ParameterArena();
        arena.Add("w", [1], ParameterKind.Plain, [1]);
        arena.Add("s", [1], ParameterKind.Step, [1]);
        arena.Seal(CPU);
        for (int step = 1; step <= 50; step++)
        {
            using (no_grad()) arena.Gradients[0] = 0.5f;
            AdamW.Step(arena, step, step - 50, 1e-3, 0, 0.9, 0.999, 0);
        }
        Assert.Equal(1, arena["s"].Numbers()[0]);
        using (no_grad()) arena.Gradients[1] = 0.5f;
        AdamW.Step(arena, 51, 1, 1e-3, 0, 0.9, 0.999, 0);
        Assert.Equal(1 - 1e-3, arena["s"].Numbers()[0], 1e-6);
        Assert.Equal(1 - 51e-3, arena["w"].Numbers()[0], 2e-3);
    }
}
