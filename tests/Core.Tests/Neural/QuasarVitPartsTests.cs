using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class QuasarVitPartsTests
{
    private static readonly QuasarVitConfig Config = Tiny.Config with { Batch = 10, Threads = 1, Branches = Hone.Neural.Branches.Float32 };

    /// <summary>The sum, the gradients and the probabilities of one batch, quantised, learned in so many parts.</summary>
    private static (double Sum, float[] Gradients, float[] Soft) Learn(int parts)
    {
        QuasarVitConfig config = Config with { Threads = parts };
        using var scope = NewDisposeScope();
        using var net = new QuasarVitSupernet(config);
        using var crew = new QuasarVitParts(net, config);
        var chance = new Chance(4, Streams.Sampling);
        float[] pixels = [.. Enumerable.Range(0, config.Batch * config.Patches * config.PatchSize).Select(_ => (float)(chance.Next(255) - 127))], targets = new float[config.Batch * config.Classes];
        for (int i = 0; i < config.Batch; i++) targets[(i * config.Classes) + chance.Next(config.Classes)] = 1;
        var codes = tensor(pixels).view(config.Batch, config.Patches, config.PatchSize);
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
