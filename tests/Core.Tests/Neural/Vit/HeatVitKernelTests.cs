using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural.Vit;

public class HeatVitKernelTests
{
    private static readonly int[] Awkward = [1, 2, 3, 7, 8, 15, 17, 31, 33];

    private static int[] Draws(int count, int range, uint stream = 0)
    {
        var chance = new Chance(7, Streams.Sampling, stream);
        return [.. Enumerable.Range(0, count).Select(_ => chance.Next(2 * range) - range)];
    }

    private static float[] Real(IEnumerable<int> fixed_) => [.. fixed_.Select(v => FixedPoint.Real(v))];

    [Theory]
    [InlineData(FixedPoint.Damped, 4)]
    [InlineData(FixedPoint.One, 6)]
    public void GeluInVectorsIsTheIntegerOneBitForBit(int delta, int places)
    {
        using var scope = NewDisposeScope();
        int[] x = [.. Draws(5_000, FixedPoint.Highest), .. Draws(5_001, 4 * FixedPoint.One, 1), 0, 1, -1, FixedPoint.Highest, FixedPoint.Lowest];
        float[] codes = PolynomialGelu.Apply(tensor(Real(x)), delta, places).Numbers();
        for (int i = 0; i < x.Length; i++) Assert.Equal(FixedPoint.Code(FixedPoint.Round(FixedPoint.Gelu(x[i], delta), 16 - places)), codes[i] * Math.ScaleB(1.0, places));
    }

    [Fact]
    public void TheSigmoidInVectorsIsTheIntegerOneBitForBit()
    {
        using var scope = NewDisposeScope();
        int[] x = [.. Draws(5_003, 6 * FixedPoint.One), 0, 155_648, -155_648, FixedPoint.One, 5 * FixedPoint.One];
        float[] y = PolynomialSigmoid.Apply(tensor(Real(x))).Numbers();
        for (int i = 0; i < x.Length; i++) Assert.Equal(FixedPoint.Sigmoid(x[i]), y[i] * 65536.0);
    }

    [Fact]
    public void RoundingInVectorsIsThePlainOne()
    {
        using var scope = NewDisposeScope();
        float[] x = [0.5f, -0.5f, 1.5f, 0.49999997f, -0.49999997f, 8.25f, 300, -300, 1e-30f, .. Draws(999, 1 << 20).Select(v => v / 8192f)];
        float[] codes = FixedRound.Code(tensor(x), 0).Numbers(), wide = FixedRound.Wide(tensor(x), 9).Numbers();
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(FixedPoint.Of(x[i], 0, -128, 127), codes[i]);
            Assert.Equal(FixedPoint.Real(FixedPoint.Of(x[i], 9), 9), wide[i]);
        }
    }

    [Fact]
    public void ASoftmaxOfMasksIsTheIntegerOneOfThoseWhoAreLeft()
    {
        var rounding = new SoftmaxRounding(23170, 256, 255, 1 / 512.0);
        foreach (int n in Awkward)
        {
            using var scope = NewDisposeScope();
            int[] scores = Draws(2 * n * n, 1 << 17, (uint)n);
            float[] mask = [.. Draws(n, 100, 99).Select(v => v < 20 ? 1f : 0)];
            float[] p = PolynomialSoftmax.Apply(tensor([.. scores.Select(v => v / 1024f)]).view(1, 2, n, n), tensor(mask).view(1, n), rounding).Numbers();
            for (int row = 0; row < 2 * n; row++)
            {
                int[] alive = [.. Enumerable.Range(0, n).Where(j => mask[j] > 0 || j == row % n)], shares = new int[alive.Length];
                int[] y = [.. alive.Select(j => FixedPoint.Saturate(FixedPoint.Round((long)scores[(row * n) + j] * 23170, 10)))];
                FixedPoint.Softmax(y, shares, 256, 255);
                for (int i = 0; i < alive.Length; i++) Assert.Equal(shares[i], p[(row * n) + alive[i]] * 512.0);
                Assert.Equal(alive.Length, Enumerable.Range(0, n).Count(j => mask[j] > 0 || j == row % n));
            }
        }
    }

    [Fact]
    public void GradientsAreThoseOfThePolynomials()
    {
        using var scope = NewDisposeScope();
        float[] x = [.. Enumerable.Range(-30, 61).Select(i => (i * 0.1f) + 0.013f)];
        Tensor leaf = tensor(x, requires_grad: true);
        PolynomialGelu.Apply(leaf, FixedPoint.Damped, 16, FixedPoint.Lowest, FixedPoint.Highest).sum().backward();
        float[] slopes = leaf.grad!.Numbers();
        for (int i = 0; i < x.Length; i++) Assert.Equal(Polynomials.GeluSlope(x[i], 0.5), slopes[i], 1e-3);

        // The second share of two: delta e2' e1 / (e1 + e2)^2 and its counterpart.
        Tensor scores = tensor([1.25f, 0.5f], requires_grad: true);
        PolynomialSoftmax.Apply(scores.view(1, 2), null, new SoftmaxRounding(FixedPoint.One, 256, 255, 1 / 512.0)).select(1, 1).sum().backward();
        double e1 = Polynomials.Exp(0), e2 = Polynomials.Exp(-0.75), all = (e1 + e2) * (e1 + e2);
        Assert.Equal(0.5 * e1 * Polynomials.ExpSlope(-0.75) / all, scores.grad!.Numbers()[1], 1e-4);
        Assert.Equal(-0.5 * e2 * Polynomials.ExpSlope(0) / all, scores.grad!.Numbers()[0], 1e-4);
    }

    [Fact]
    public void TheMaskOfADroppedTokenGetsAGradient()
    {
        using var scope = NewDisposeScope();
        Tensor mask = tensor([1f, 1, 0, 1], requires_grad: true), scores = tensor([.. Draws(16, 1 << 10).Select(v => v / 256f)]).view(1, 1, 4, 4);
        (PolynomialSoftmax.Apply(scores, mask.view(1, 4), new SoftmaxRounding(FixedPoint.One, 256, 255, 1 / 512.0)) * arange(4).to_type(ScalarType.Float32)).sum().backward();
        Assert.NotEqual(0, mask.grad!.Numbers()[2]);
    }

    [Theory]
    [InlineData(1000, 0.4f, 0, 8)]     // a largest magnitude of 0.4 is rounded up to 2^-1
    [InlineData(1000, 0.5f, 0, 8)]
    [InlineData(1000, 0.51f, 0, 7)]
    [InlineData(2000, 0.4f, 2, 8)]     // two in two thousand may lie outside
    [InlineData(2000, 0.4f, 3, 5)]
    public void ARangeIsThe999thThousandthRoundedUpToAPowerOfTwo(int count, float most, int outside, int places)
    {
        float[] x = [.. Enumerable.Range(0, count).Select(i => i < outside ? 3.5f : most * (i % 2 == 0 ? 1 : -0.3f))];
        Assert.Equal(places, HeatVitScales.Places(x));
    }

    [Theory]
    [InlineData(1f, 6)]
    [InlineData(0.9f, 7)]
    [InlineData(0.9921875f, 7)]   // 127 / 128
    [InlineData(0.9990f, 6)]
    public void AMatrixHasAsManyPlacesAsItsLargestWeightAllows(float largest, int places) => Assert.Equal(places, HeatVitScales.OfWeights([0.1f, -largest, 0]));
}
