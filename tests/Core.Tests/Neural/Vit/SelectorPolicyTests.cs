using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural.Vit;

public class SelectorPolicyTests
{
    private const int Images = 3, Patches = 8, Count = Images * Patches;
    private static readonly float[] Margins = Drawn(1, 2), Weights = Drawn(2, 1), Alive = [.. Drawn(3, 1).Select(a => a > -0.8f ? 1f : 0)];

    [Fact]
    public void AThresholdThatKeepsAShareMovesWithTheMargins()
    {
        var (kept, gradient, threshold) = Decide(new SelectorStage(1, "", Share: 0.5));
        Assert.Equal(Count / 2, kept.Sum());
        Assert.Equal(0, gradient.Sum(), 1e-5);                                 // lifting all margins changes nothing
        Assert.Equal(0, gradient.Zip(Margins, (g, m) => g * m).Sum(), 1e-3);   // nor does stretching them
        double sum = Soft(Standard(Margins), threshold).Sum();
        for (int i = 0; i < Count; i++) Assert.Equal((Value(Moved(i, 1e-3f)) - Value(Moved(i, -1e-3f))) / 2e-3, gradient[i], 1e-3);

        double Value(float[] margins)
        {
            double[] standard = Standard(margins);
            double low = -20, high = 20;
            for (int step = 0; step < 60; step++)
            {
                double middle = (low + high) / 2;
                if (Soft(standard, middle).Sum() > sum) low = middle;
                else high = middle;
            }
            return Soft(standard, low).Zip(Weights, (s, w) => s * w).Sum();
        }
    }

    [Fact]
    public void AThresholdThatStandsDoesNot()
    {
        var (kept, gradient, threshold) = Decide(new SelectorStage(1, "", Threshold: 0.3f));
        Assert.Equal(0.3f, threshold);
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(Margins[i] > 0.3f ? Alive[i] : 0, kept[i]);
            double soft = 1 / (1 + Math.Exp(0.3 - Margins[i]));
            Assert.Equal(Weights[i] * Alive[i] * soft * (1 - soft), gradient[i], 1e-5);
        }
    }

    private static (float[] Kept, float[] Gradient, float Threshold) Decide(SelectorStage at)
    {
        using var scope = NewDisposeScope();
        Tensor margin = tensor(Margins).view(Images, Patches).requires_grad_();
        var (kept, threshold) = SelectorPolicy.Decide(at, margin, tensor(Alive).view(Images, Patches), zeros(Images, Patches), logarithms: true);
        (kept * tensor(Weights).view(Images, Patches)).sum().backward();
        return (kept.detach().Numbers(), margin.grad!.Numbers(), threshold);
    }

    private static IEnumerable<double> Soft(double[] logits, double threshold) => logits.Zip(Alive, (m, a) => a / (1 + Math.Exp(threshold - m)));

    private static double[] Standard(float[] margins)
    {
        double mean = margins.Zip(Alive, (m, a) => m * a).Sum() / Alive.Sum(), variance = margins.Zip(Alive, (m, a) => (m - mean) * (m - mean) * a).Sum() / Alive.Sum();
        return [.. margins.Select(m => (m - mean) / Math.Sqrt(variance))];
    }

    private static float[] Moved(int at, float by) => [.. Margins.Select((m, i) => i == at ? m + by : m)];

    private static float[] Drawn(uint part, double deviation)
    {
        var chance = new Chance(1, Streams.Sampling, part);
        return [.. Enumerable.Range(0, Count).Select(_ => (float)(deviation * chance.NextGaussian()))];
    }
}
