using Hone.Model;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Core.Tests.Neural;

public class GeluTests
{
    private static float[] Draw(int count)
    {
        var chance = new Chance(1, 62);
        return [0, -0f, 1e-20f, -1e-20f, 30, -30, 1e10f, -1e10f, .. Enumerable.Range(0, count).Select(_ => (float)(3 * chance.NextGaussian()))];
    }

    private static (float[] Y, float[] Dx) Both(Func<Tensor, Tensor> gelu, float[] numbers, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(numbers).to_type(type).requires_grad_(true), y = gelu(x);
        (y.to_type(ScalarType.Float32) * linspace(-1, 1, numbers.Length)).sum().backward();
        return (y.to_type(ScalarType.Float32).data<float>().ToArray(), x.grad!.to_type(ScalarType.Float32).data<float>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20_000)]
    public void ItIsTorchsWithinTwoMillionths(int count)
    {
        float[] x = Draw(count);
        var (y, dx) = Both(v => F.gelu(v), x);
        var (fusedY, fusedDx) = Both(Gelu.Apply, x);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(y[i], fusedY[i], 2e-6f * Math.Max(1, Math.Abs(y[i])));
            Assert.Equal(dx[i], fusedDx[i], 2e-6f);
        }
    }

    [Fact]
    public void BFloat16DiffersByItsRoundingAlone()
    {
        float[] x = Draw(500);
        var (y, dx) = Both(v => F.gelu(v.to_type(ScalarType.Float32)), x, ScalarType.BFloat16);
        var (fusedY, fusedDx) = Both(Gelu.Apply, x, ScalarType.BFloat16);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(y[i], fusedY[i], (Math.Abs(y[i]) / 128) + 1e-6f);
            Assert.Equal(dx[i], fusedDx[i], (Math.Abs(dx[i]) / 64) + 1e-6f);
        }
    }

    [Fact]
    public void ANaNStaysOneAndAlone()
    {
        float[] x = Draw(1_000);
        x[777] = float.NaN;
        var (y, dx) = Both(Gelu.Apply, x);
        Assert.Equal([777], Enumerable.Range(0, x.Length).Where(i => float.IsNaN(y[i])));
        Assert.Equal([777], Enumerable.Range(0, x.Length).Where(i => float.IsNaN(dx[i])));
    }
}
