using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class QuasarVitPartsTests
{
    private static readonly QuasarVitConfig Config = Tiny.Config with { Batch = 10, Threads = 1, Branches = Hone.Neural.Branches.Float32 };

    /// <summary>The sum, the gradients and the probabilities of one batch, quantised, learned in so many parts.</summary>
    private static (double Sum, float[] Gradients, float[] Soft) Learn(int parts, string place = "cpu")
    {
        QuasarVitConfig config = Config with { Threads = parts, Device = place };
        using var scope = NewDisposeScope();
        using var net = new QuasarVitSupernet(config);
        using var crew = new QuasarVitParts(net, config);
        var chance = new Chance(4, Streams.Sampling);
        float[] pixels = [.. Enumerable.Range(0, config.Batch * config.Patches * config.PatchSize).Select(_ => (float)(chance.Next(255) - 127))], targets = new float[config.Batch * config.Classes];
        for (int i = 0; i < config.Batch; i++) targets[(i * config.Classes) + chance.Next(config.Classes)] = 1;
        Tensor codes = Placed.On(Placed.Find(place), pixels, config.Batch, config.Patches, config.PatchSize);
        QuasarVitGenome largest = QuasarVitGenome.Largest(config);
        net.BeginQuantised(codes, largest);
        float[] soft = new float[targets.Length];
        double sum = crew.Learn(codes, targets, largest, -0.1, collect: true, soft);
        Assert.Equal(soft, crew.Ask(codes, largest));
        return (sum, net.Arena.Gradients.Numbers(), soft);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]    // 3, 3 and 4 images
    [InlineData(40)]   // more threads than images
    public void PartsLearnWhatTheWholeBatchDoes(int parts)
    {
        var whole = Learn(1);
        var cut = Learn(parts);
        Assert.Equal(whole.Sum, cut.Sum, 1e-4);
        double largest = whole.Gradients.Max(MathF.Abs);
        Assert.True(largest > 1e-3);
        for (int i = 0; i < whole.Gradients.Length; i++) Assert.Equal(whole.Gradients[i], cut.Gradients[i], 2e-5 * largest);
        for (int i = 0; i < whole.Soft.Length; i++) Assert.Equal(whole.Soft[i], cut.Soft[i], 1e-5f);
    }

    /// <summary>A second thread, and on a machine that has one the GPU: what is learned there, with the codes of other roundings.</summary>
    public static TheoryData<string, int> Places => cuda.is_available() ? new() { { "cpu", 2 }, { "cuda", 1 } } : new() { { "cpu", 2 } };

    [Theory]
    [MemberData(nameof(Places))]
    public void AStepLearnsTheSameWhereverItRuns(string place, int parts)
    {
        var here = Learn(1);
        var there = Learn(parts, place);
        Assert.Equal(here.Sum, there.Sum, 1e-2 * Math.Abs(here.Sum));
        double apart = Math.Sqrt(here.Gradients.Zip(there.Gradients, (a, b) => (double)(a - b) * (a - b)).Sum()), length = Math.Sqrt(here.Gradients.Sum(g => (double)g * g));
        Assert.InRange(apart, 0, 0.02 * length);
    }

    [Fact]
    public void ThePartsOfABatchAlwaysGiveTheSameBits()
    {
        var once = Learn(3);
        for (int i = 0; i < 5; i++)
        {
            var again = Learn(3);
            Assert.Equal(once.Sum, again.Sum);
            Assert.Equal(once.Gradients, again.Gradients);
        }
    }
}
