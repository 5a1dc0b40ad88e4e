using System.Runtime.Intrinsics;
using Hone.Model;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Core.Tests.Neural;

public class AttentionTests
{
    private static float[] Values(Tensor t) => t.to_type(ScalarType.Float32).contiguous().data<float>().ToArray();

    /// <summary>Answers and both gradients, of the fused function or of the formula in plain operations of torch (straight through the rounding).</summary>
    private static (float[] O, float[] Q, float[] Kv) All(bool fused, AttentionShape s, ScalarType type = ScalarType.Float32, ulong seed = 1)
    {
        using var scope = NewDisposeScope();
        Tensor q = Tiny.Draw(seed, 2, s.Images, s.Queries, s.Inner).to_type(type).requires_grad_(true), kv = Tiny.Draw(seed + 1, 1, s.Images, s.Keys, 2 * s.Inner).to_type(type).requires_grad_(true);
        Tensor o;
        if (fused) o = Attention.Apply(q, kv, s.Heads, s.Scale, s.Levels);
        else
        {
            Tensor queries = q.to_type(ScalarType.Float32).view(s.Images, s.Queries, s.Heads, s.Width).transpose(1, 2);
            Tensor[] both = kv.to_type(ScalarType.Float32).view(s.Images, s.Keys, 2, s.Heads, s.Width).transpose(1, 3).unbind(2);
            Tensor p = F.softmax(matmul(queries, both[0].transpose(2, 3)) * s.Scale, -1);
            if (s.Levels > 0) p = (p * s.Levels) + ((p * s.Levels).round() - (p * s.Levels)).detach();
            o = matmul(p, both[1]).transpose(1, 2).reshape(s.Images, s.Queries, s.Inner);
        }
        (o.to_type(ScalarType.Float32) * Tiny.Draw(seed + 2, 1, s.Images, s.Queries, s.Inner)).sum().backward();
        return (Values(o), Values(q.grad!), Values(kv.grad!));
    }

    private static void Near(float[] expected, float[] actual, double tolerance)
    {
        double largest = expected.Max(MathF.Abs);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance * largest);
    }

    [Theory]
    [InlineData(2, 3, 16, 50, 50, 63)]
    [InlineData(3, 2, 16, 1, 50, 63)]      // the class token alone
    [InlineData(2, 4, 16, 50, 50, 0)]
    [InlineData(1, 2, 64, 197, 197, 63)]   // DeiT's
    [InlineData(2, 1, 8, 5, 7, 0)]
    [InlineData(1, 1, 24, 1, 1, 63)]
    public void TheFusedFunctionIsTheFormulaForwardsAndBackwards(int images, int heads, int width, int queries, int keys, int levels)
    {
        var shape = new AttentionShape(images, heads, width, queries, keys, 0.25f, levels);
        var (o, q, kv) = All(fused: false, shape);
        var (fusedO, fusedQ, fusedKv) = All(fused: true, shape);
        Near(o, fusedO, 1e-5);
        Near(q, fusedQ, 1e-5);
        Near(kv, fusedKv, 1e-5);
    }

    [Fact]
    public void BFloat16DiffersByItsRoundingAlone()
    {
        var shape = new AttentionShape(2, 2, 16, 50, 50, 0.25f, 63);
        var (o, q, kv) = All(fused: false, shape, ScalarType.BFloat16);
        var (fusedO, fusedQ, fusedKv) = All(fused: true, shape, ScalarType.BFloat16);
        Near(o, fusedO, 1.0 / 128);
        Near(q, fusedQ, 1.0 / 64);
        Near(kv, fusedKv, 1.0 / 64);
    }

    [Fact]
    public void ANaNReachesItsOwnHeadAndImageAlone()
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(3, 2, 16, 10, 10, 0.25f, 63);
        float[] q = Values(Tiny.Draw(1, 1, 3, 10, 32));
        q[(1 * 10 * 32) + (4 * 32) + 20] = float.NaN;   // image 1, query 4, head 1
        using var frozen = no_grad();
        float[] o = Values(Attention.Apply(tensor(q).view(3, 10, 32), Tiny.Draw(2, 1, 3, 10, 64), shape.Heads, shape.Scale, shape.Levels));
        for (int i = 0; i < o.Length; i++) Assert.Equal(i / 32 == 14 && i % 32 >= 16, float.IsNaN(o[i]));
    }

    [Fact]
    public void TheExponentialIsWithinTwoUnitsInTheLastPlace()
    {
        var chance = new Chance(3, 61);
        for (int i = 0; i < 4_000; i++)
        {
            float[] x = [.. Enumerable.Range(0, 8).Select(_ => (float)(-60 * chance.NextDouble()))], y = new float[8];
            SoftmaxRow.Exp(Vector256.Create(x)).CopyTo(y);
            for (int k = 0; k < 8; k++)
            {
                float exact = (float)Math.Exp(x[k]);
                Assert.InRange(Math.Abs(BitConverter.SingleToInt32Bits(exact) - BitConverter.SingleToInt32Bits(y[k])), 0, 2);
            }
        }
    }

    [Fact]
    public void ScoresOfAnySizeGiveProbabilitiesThatSumToOne()
    {
        float[] row = [1e30f, -1e30f, 0, 3e38f, float.NegativeInfinity, 1, 2, 3];
        SoftmaxRow.Apply(row, 8, 5, 1);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0], row.Select(p => MathF.Round(p, 6)));
    }

    [Theory]
    [InlineData(6, 1, 8)]
    [InlineData(12, 50, 24)]
    [InlineData(54, 16, 56)]
    public void ASmallProductIsTheMatrixProduct(int rows, int depth, int columns)
    {
        using var scope = NewDisposeScope();
        Tensor a = Tiny.Draw(4, 1, rows, depth), b = Tiny.Draw(5, 1, depth, columns);
        float[] c = new float[rows * columns], turned = new float[rows * columns];
        SmallProduct.Multiply(Values(a), depth, 1, Values(b), columns, c, columns, rows, depth, columns);
        SmallProduct.Multiply(Values(a.t()), 1, rows, Values(b), columns, turned, columns, rows, depth, columns);
        Near(Values(matmul(a, b)), c, 1e-5);
        Assert.Equal(c, turned);
    }

    [Fact]
    public void SizesThatDoNotFitAreRefused()
    {
        float[] four = new float[48];
        Assert.Contains("multiples of 6", Assert.Throws<ArgumentException>(() => SmallProduct.Multiply(four, 8, 1, four, 8, four, 8, 5, 8, 8)).Message);
        Assert.Contains("too short", Assert.Throws<ArgumentException>(() => SmallProduct.Multiply(four, 8, 1, four, 8, four, 8, 12, 8, 8)).Message);
        using var scope = NewDisposeScope();
        Assert.Contains("(1, 2, 24)", Assert.Throws<ArgumentException>(() => Attention.Apply(zeros(1, 2, 16), zeros(1, 2, 24), 1, 1, 0)).Message);
    }
}
