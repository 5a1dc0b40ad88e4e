using Hone.Model;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class FakeQuantizerTests
{
    private static Tensor Draw(ulong seed, double deviation, params long[] shape)
    {
        var chance = new Chance(seed, 60);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(deviation * chance.NextGaussian())).ToArray()).view(shape);
    }

    [Theory]
    [InlineData(-32, 31)]
    [InlineData(-128, 127)]
    public void CodesAreIntegersWithinTheirBoundsAndAtMostHalfAStepAway(int low, int high)
    {
        using var scope = NewDisposeScope();
        float[] u = Draw(1, high, 7, 33).data<float>().ToArray();
        float[] codes = FakeQuantizer.Codes(tensor(u), low, high).data<float>().ToArray();
        for (int i = 0; i < u.Length; i++)
        {
            Assert.Equal(MathF.Round(codes[i]), codes[i]);
            Assert.InRange(codes[i], low, high);
            if (u[i] > low && u[i] < high) Assert.InRange(Math.Abs(codes[i] - u[i]), 0, 0.5f);
        }
    }

    [Fact]
    public void GradientsAreThoseOfLearnedStepQuantisation()
    {
        using var scope = NewDisposeScope();
        Tensor x = Draw(2, 3, 40).requires_grad_(true), log = tensor(MathF.Log(0.1f)).requires_grad_(true), weight = Draw(3, 1, 40);
        Tensor step = log.exp();
        (FakeQuantizer.Codes(x / step, -32, 31) * step * weight).sum().backward();
        float[] xs = x.data<float>().ToArray(), ws = weight.data<float>().ToArray(), gx = x.grad!.data<float>().ToArray();
        double expected = 0;   // LSQ: dq/ds = round(u) - u inside, the bound outside; times ds/dlog = s
        for (int i = 0; i < xs.Length; i++)
        {
            float u = xs[i] / 0.1f;
            bool inside = u is > -32 and < 31;
            Assert.Equal(inside ? ws[i] : 0, gx[i], 1e-5f);
            expected += 0.1 * ws[i] * (inside ? MathF.Round(u) - u : u < 0 ? -32 : 31);
        }
        Assert.Equal(expected, log.grad!.item<float>(), 1e-3);
    }

    [Fact]
    public void EachRowIsItsFourOrItsEightBitViewAndOneLatentRowServesBoth()
    {
        using var scope = NewDisposeScope();
        Tensor w = Draw(4, 0.5, 3, 17).requires_grad_(true);
        Tensor log4 = tensor(new float[] { -2, -2, -2 }).requires_grad_(true), log8 = tensor(new float[] { -4, -4, -4 }).requires_grad_(true);
        var (codes, steps) = FakeQuantizer.Rows(w, log4, log8, tensor(new float[] { 0, 1, 0 }));
        (codes * steps).sum().backward();
        float[] ws = w.data<float>().ToArray(), q = codes.data<float>().ToArray(), g = w.grad!.data<float>().ToArray();
        for (int i = 0; i < ws.Length; i++)
        {
            (float s, float high) = i / 17 == 1 ? (MathF.Exp(-4), 127) : (MathF.Exp(-2), 7);
            Assert.Equal(MathF.Round(Math.Clamp(ws[i] / s, -high - 1, high)), q[i], 1e-6f);
            Assert.Equal(ws[i] / s >= -high - 1 && ws[i] / s <= high ? 1 : 0, g[i], 1e-5f);
        }
        Assert.Equal(0, log8.grad![0].item<float>());
        Assert.Equal(0, log4.grad![1].item<float>());
        Assert.NotEqual(0, log8.grad![1].item<float>());
    }

    [Fact]
    public void RoundingInPlaceDoesNotDisturbTheGradientOfWhatStandsBefore()
    {
        using var scope = NewDisposeScope();
        Tensor a = Draw(5, 1, 12).requires_grad_(true), b = Draw(5, 1, 12).requires_grad_(true);
        FakeQuantizer.Rounded(a * 63).square().sum().backward();
        Tensor u = b * 63, reference = u + (u.round() - u).detach();   // the usual straight-through estimator
        reference.square().sum().backward();
        Assert.Equal(b.grad!.data<float>().ToArray(), a.grad!.data<float>().ToArray());
    }
}
