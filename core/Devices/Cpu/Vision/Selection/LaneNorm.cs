using System.Numerics;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>Means, and a layer norm, of the features of tokens that stand side by side, [d][lanes]. Four vectors of lanes go together where there are as many: they hide each other's latency.</summary>
internal sealed unsafe class LaneNorm
{
    private const int Together = 4;
    private readonly Buffer64<float> _gain, _bias;
    private readonly int _width;
    private readonly float _epsilon;
    private readonly bool _norms;

    /// <param name="norm">(d); null: only the means are taken.</param>
    public LaneNorm(NormLayer? norm, int width, float epsilon)
    {
        (_width, _epsilon, _norms) = (width, epsilon, norm is not null);
        (_gain, _bias) = (new Buffer64<float>(width), new Buffer64<float>(width));
        norm?.Gain.CopyTo(_gain.Span);
        norm?.Bias.CopyTo(_bias.Span);
    }

    /// <param name="x">[d][lanes], normed in its place.</param>
    /// <param name="means">[lanes], of what came in.</param>
    public void Run(float* x, float* means)
    {
        int lanes = LaneLayer.Lanes, c = 0;
        for (; c <= lanes - Together * Vector<float>.Count; c += Together * Vector<float>.Count) Four(x + c, lanes, means + c);
        for (; c <= lanes - Vector<float>.Count; c += Vector<float>.Count) One<Whole>(x + c, lanes, means + c, 0);
        if (c < lanes) One<Partial>(x + c, lanes, means + c, lanes - c);
    }

    private void Four(float* x, int lanes, float* means)
    {
        int v = Vector<float>.Count;
        Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a, share = new(1f / _width), epsilon = new(_epsilon);
        float* at = x;
        for (int k = 0; k < _width; k++, at += lanes)
        {
            a += Vector.Load(at);
            b += Vector.Load(at + v);
            c += Vector.Load(at + 2 * v);
            d += Vector.Load(at + 3 * v);
        }
        Vector<float> mean0 = a * share, mean1 = b * share, mean2 = c * share, mean3 = d * share;
        Vector.Store(mean0, means);
        Vector.Store(mean1, means + v);
        Vector.Store(mean2, means + 2 * v);
        Vector.Store(mean3, means + 3 * v);
        if (!_norms) return;
        (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        at = x;
        for (int k = 0; k < _width; k++, at += lanes)
        {
            Vector<float> e = Vector.Load(at) - mean0, f = Vector.Load(at + v) - mean1, g = Vector.Load(at + 2 * v) - mean2, h = Vector.Load(at + 3 * v) - mean3;
            a = Vector.FusedMultiplyAdd(e, e, a);
            b = Vector.FusedMultiplyAdd(f, f, b);
            c = Vector.FusedMultiplyAdd(g, g, c);
            d = Vector.FusedMultiplyAdd(h, h, d);
        }
        a = Vector<float>.One / Vector.SquareRoot(Vector.FusedMultiplyAdd(a, share, epsilon));
        b = Vector<float>.One / Vector.SquareRoot(Vector.FusedMultiplyAdd(b, share, epsilon));
        c = Vector<float>.One / Vector.SquareRoot(Vector.FusedMultiplyAdd(c, share, epsilon));
        d = Vector<float>.One / Vector.SquareRoot(Vector.FusedMultiplyAdd(d, share, epsilon));
        at = x;
        for (int k = 0; k < _width; k++, at += lanes)
        {
            Vector<float> gain = new(_gain.Pointer[k]), bias = new(_bias.Pointer[k]);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(at) - mean0) * a, gain, bias), at);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(at + v) - mean1) * b, gain, bias), at + v);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(at + 2 * v) - mean2) * c, gain, bias), at + 2 * v);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(at + 3 * v) - mean3) * d, gain, bias), at + 3 * v);
        }
    }

    // A vector of lanes.
    private void One<TLanes>(float* x, int lanes, float* means, int left) where TLanes : struct, ILanes
    {
        Vector<float> sum = Vector<float>.Zero, share = new(1f / _width);
        for (int k = 0; k < _width; k++) sum += TLanes.Load(x + k * lanes, left);
        Vector<float> mean = sum * share;
        TLanes.Store(mean, means, left);
        if (!_norms) return;
        sum = Vector<float>.Zero;
        for (int k = 0; k < _width; k++)
        {
            Vector<float> from = TLanes.Load(x + k * lanes, left) - mean;
            sum = Vector.FusedMultiplyAdd(from, from, sum);
        }
        Vector<float> inverse = Vector<float>.One / Vector.SquareRoot(Vector.FusedMultiplyAdd(sum, share, new Vector<float>(_epsilon)));
        for (int k = 0; k < _width; k++)
            TLanes.Store(Vector.FusedMultiplyAdd((TLanes.Load(x + k * lanes, left) - mean) * inverse, new Vector<float>(_gain.Pointer[k]), new Vector<float>(_bias.Pointer[k])), x + k * lanes, left);
    }
}
