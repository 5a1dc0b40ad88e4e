using Hone.Model;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class FakeQuantizerTests
{
    [Theory]
    [InlineData(-32, 31)]
    [InlineData(-128, 127)]
    public void CodesAreIntegersWithinTheirBoundsAndAtMostHalfAStepAway(int low, int high)
    {
        using var scope = NewDisposeScope();
        float[] u = Tiny.Draw(1, high, 7, 33).data<float>().ToArray();
        float[] codes = FakeQuantizer.Codes(tensor(u), low, high, ScalarType.Float32).data<float>().ToArray();
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
        Tensor x = Tiny.Draw(2, 3, 40).requires_grad_(true), log = tensor(MathF.Log(0.1f)).requires_grad_(true), weight = Tiny.Draw(3, 1, 40);
        Tensor step = log.exp();
        (FakeQuantizer.Codes(x, -32, 31, ScalarType.Float32, inScale: step.reciprocal(), outScale: step) * weight).sum().backward();
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

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(4_133)]
    public void TheLoopsGiveWhatPlainOperationsGiveForEveryLengthAndType(int length)
    {
        using var scope = NewDisposeScope();
        foreach (var (from, to) in new[] { (ScalarType.Float32, ScalarType.Float32), (ScalarType.Float32, ScalarType.BFloat16), (ScalarType.BFloat16, ScalarType.BFloat16) })
        {
            Tensor raw = Tiny.Draw(7, 20, length).to_type(from), weight = Tiny.Draw(8, 1, length).to_type(to);
            Tensor x = raw.clone().requires_grad_(true), a = tensor(1.7f).requires_grad_(true), b = tensor(0.3f).requires_grad_(true);
            Tensor y = FakeQuantizer.Codes(x, -32, 31, to, a, b);
            (y * weight).sum(ScalarType.Float32).backward();
            Tensor u = raw.to_type(ScalarType.Float32) * 1.7f, w = weight.to_type(ScalarType.Float32), inside = u.ge(-32).logical_and(u.le(31)), codes = u.clamp(-32, 31).round();
            Close(codes * 0.3f, y, to == ScalarType.Float32 ? 1e-6 : 4e-3);
            Close(w * inside * (1.7f * 0.3f), x.grad!, from == ScalarType.Float32 ? 1e-6 : 4e-3);
            Close((w * inside * raw.to_type(ScalarType.Float32)).sum() * 0.3f, a.grad!, 2e-4);
            Close((w * codes).sum(), b.grad!, 2e-4);

            Tensor low = tensor(-32f), high = tensor(31f);                      // what a GPU computes
            Close(y, CodeOperations.Forward(raw, a, low, high, b, to), 1e-6);
            var (dx, da, db) = CodeOperations.Backward(raw, weight, a, low, high, b, rows: false);
            Close(x.grad!, dx, from == ScalarType.Float32 ? 1e-6 : 4e-3);
            Close(a.grad!, da!, 2e-4);
            Close(b.grad!, db!, 2e-4);
        }

        static void Close(Tensor expected, Tensor got, double relative)
        {
            float[] e = expected.to_type(ScalarType.Float32).flatten().data<float>().ToArray(), g = got.to_type(ScalarType.Float32).flatten().data<float>().ToArray();
            Assert.Equal(e.Length, g.Length);
            for (int i = 0; i < e.Length; i++) Assert.InRange(Math.Abs(e[i] - g[i]), 0, relative * Math.Max(1, Math.Abs(e[i])));
        }
    }

    [Fact]
    public void AValueThatIsNoNumberStaysNone()
    {
        using var scope = NewDisposeScope();
        float[] x = [.. Enumerable.Repeat(1f, 40)];
        (x[3], x[39]) = (float.NaN, float.NaN);
        foreach (ScalarType type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            float[] y = FakeQuantizer.Codes(tensor(x), -32, 31, type).to_type(ScalarType.Float32).data<float>().ToArray();
            for (int i = 0; i < y.Length; i++) Assert.Equal(float.IsNaN(x[i]), float.IsNaN(y[i]));
        }
    }

    [Fact]
    public void BrainFloatsAreRoundedAsTorchRoundsThem()
    {
        using var scope = NewDisposeScope();
        Tensor x = Tiny.Draw(9, 1, 4_096).mul_(1e-3).add_(Tiny.Draw(10, 100, 4_096));
        Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(x.to_type(ScalarType.BFloat16).bytes).ToArray(), x.data<float>().ToArray().Select(Brains.Write).ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachRowIsItsFourOrItsEightBitView(bool separate)
    {
        using var scope = NewDisposeScope();
        Tensor w = Tiny.Draw(4, 0.5, 3, 37).requires_grad_(true), w4 = Tiny.Draw(11, 0.5, 3, 37).requires_grad_(true), factor = tensor(new float[] { 2, 3, 4 }).requires_grad_(true);
        Tensor log4 = tensor(new float[] { -2, -2, -2 }).requires_grad_(true), log8 = tensor(new float[] { -4, -4, -4 }).requires_grad_(true);
        Tensor rows = FakeQuantizer.Rows(w, separate ? w4 : null, log4, log8, factor, [0, 1, 0], ScalarType.Float32), weight = Tiny.Draw(12, 1, 3, 37);
        (rows * weight).sum().backward();
        float[] wide = w.data<float>().ToArray(), narrow = separate ? w4.data<float>().ToArray() : wide, y = rows.data<float>().ToArray(), g = weight.data<float>().ToArray();
        float[] dWide = w.grad!.data<float>().ToArray(), dNarrow = separate ? w4.grad!.data<float>().ToArray() : dWide;
        for (int m = 0; m < 3; m++)
        {
            bool eight = m == 1;
            (float s, float high, float f) = (MathF.Exp(eight ? -4 : -2), eight ? 127 : 7, m + 2);
            double dLog = 0, dFactor = 0;
            for (int k = 0; k < 37; k++)
            {
                int i = m * 37 + k;
                float u = (eight ? wide : narrow)[i] / s, code = MathF.Round(Math.Clamp(u, -high - 1, high));
                bool inside = u >= -high - 1 && u <= high;
                Assert.Equal(f * s * code, y[i], 1e-5f);
                Assert.Equal(inside ? f * g[i] : 0, (eight ? dWide : dNarrow)[i], 1e-5f);
                if (separate) Assert.Equal(0, (eight ? dNarrow : dWide)[i]);
                dLog += f * s * g[i] * (inside ? code - u : code);
                dFactor += s * g[i] * code;
            }
            Assert.Equal(dLog, (eight ? log8 : log4).grad![m].item<float>(), 1e-3);
            Assert.Equal(0, (eight ? log4 : log8).grad![m].item<float>());
            Assert.Equal(dFactor, factor.grad![m].item<float>(), 1e-3);
        }
        Tensor bits = tensor(new float[] { 0, 1, 0 });                          // what a GPU computes
        Tensor? other = separate ? w4 : null;
        Near(rows, RowOperations.Forward(w, other, log4, log8, factor, bits, ScalarType.Float32));
        var (dw, dw4, dLog4, dLog8, dF) = RowOperations.Backward(w, other, log4, log8, factor, bits, weight);
        foreach (var (expected, got) in new[] { (w.grad, dw), (other?.grad, dw4), (log4.grad, dLog4), (log8.grad, dLog8), (factor.grad, dF) })
            if (got is null) Assert.Null(expected);
            else Near(expected!, got);

        static void Near(Tensor expected, Tensor got)
        {
            float[] e = expected.data<float>().ToArray(), g = got.data<float>().ToArray();
            Assert.Equal(expected.shape, got.shape);
            for (int i = 0; i < e.Length; i++) Assert.Equal(e[i], g[i], 2e-5f * Math.Max(1, Math.Abs(e[i])));
        }
    }
}
