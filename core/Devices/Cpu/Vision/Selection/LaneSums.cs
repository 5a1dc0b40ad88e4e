using System.Numerics;
using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>Sums of features over some of the tokens that stand side by side.</summary>
internal static unsafe class LaneSums
{
    private const int Together = 4;

    /// <param name="x">[features][lanes], finite.</param>
    /// <param name="from">The first lane that counts.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="sums">(features).</param>
    public static void Run(float* x, int features, int from, int to, float* sums)
    {
        int lanes = LaneLayer.Lanes, k = 0;
        if (lanes % Vector<float>.Count == 0)
        {
            float* mask = stackalloc float[lanes];
            new Span<float>(mask, lanes).Clear();
            new Span<float>(mask + from, to - from).Fill(1);
            for (; k <= features - Together; k += Together)
            {
                float* x0 = x + k * lanes, x1 = x0 + lanes, x2 = x1 + lanes, x3 = x2 + lanes;
                Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
                for (int i = 0; i < lanes; i += Vector<float>.Count)
                {
                    Vector<float> counts = Vector.Load(mask + i);
                    a = Vector.FusedMultiplyAdd(counts, Vector.Load(x0 + i), a);
                    b = Vector.FusedMultiplyAdd(counts, Vector.Load(x1 + i), b);
                    c = Vector.FusedMultiplyAdd(counts, Vector.Load(x2 + i), c);
                    d = Vector.FusedMultiplyAdd(counts, Vector.Load(x3 + i), d);
                }
                Totals.Of(a, b, c, d).Store(sums + k);
            }
        }
        for (; k < features; k++) sums[k] = Rows.Sum(x + k * lanes + from, to - from);
    }
}
