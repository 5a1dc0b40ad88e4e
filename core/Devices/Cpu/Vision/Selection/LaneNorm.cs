using System.Numerics;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>Means, and a layer norm, of the features of tokens that stand side by side, [d][lanes].</summary>
/// <param name="norm">(d); null: only the means are taken.</param>
internal sealed unsafe class LaneNorm(NormLayer? norm, int width, float epsilon)
{
    /// <param name="x">[d][lanes], normed in its place.</param>
    /// <param name="means">[lanes], of what came in.</param>
    public void Run(float* x, float* means)
    {
        int lanes = LaneLayer.Lanes, c = 0;
        for (; c <= lanes - Vector<float>.Count; c += Vector<float>.Count) One<Whole>(x + c, lanes, means + c, 0);
        if (c < lanes) One<Partial>(x + c, lanes, means + c, lanes - c);
    }

    // A vector of lanes.
    private void One<TLanes>(float* x, int lanes, float* means, int left) where TLanes : struct, ILanes
    {
        Vector<float> a = Vector<float>.Zero, b = a, share = new(1f / width);
        int k = 0;
        for (; k <= width - 2; k += 2)
        {
            a += TLanes.Load(x + k * lanes, left);
            b += TLanes.Load(x + (k + 1) * lanes, left);
        }
        if (k < width) a += TLanes.Load(x + k * lanes, left);
        Vector<float> mean = (a + b) * share;
        TLanes.Store(mean, means, left);
        if (norm is null) return;
        (a, b) = (Vector<float>.Zero, Vector<float>.Zero);
        for (k = 0; k <= width - 2; k += 2)
        {
            Vector<float> first = TLanes.Load(x + k * lanes, left) - mean, second = TLanes.Load(x + (k + 1) * lanes, left) - mean;
            a = Vector.FusedMultiplyAdd(first, first, a);
            b = Vector.FusedMultiplyAdd(second, second, b);
        }
        if (k < width)
        {
            Vector<float> last = TLanes.Load(x + k * lanes, left) - mean;
            a = Vector.FusedMultiplyAdd(last, last, a);
        }
        Vector<float> inverse = Vector<float>.One / Vector.SquareRoot(((a + b) * share) + new Vector<float>(epsilon));
        ReadOnlySpan<float> gains = norm.Gain, biases = norm.Bias;
        for (k = 0; k < width; k++)
            TLanes.Store(Vector.FusedMultiplyAdd((TLanes.Load(x + k * lanes, left) - mean) * inverse, new Vector<float>(gains[k]), new Vector<float>(biases[k])), x + k * lanes, left);
    }
}
