using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>The sums of several vectors at once, which cost little more than that of one.</summary>
internal static class Totals
{
    /// <summary>The sum of each of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Of(Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d)
    {
        if (!Sse3.IsSupported || Vector<float>.Count != Vector256<float>.Count) return Vector128.Create(Vector.Sum(a), Vector.Sum(b), Vector.Sum(c), Vector.Sum(d));
        Vector256<float> a2 = a.AsVector256(), b2 = b.AsVector256(), c2 = c.AsVector256(), d2 = d.AsVector256();
        Vector128<float> ab = Sse3.HorizontalAdd(a2.GetLower() + a2.GetUpper(), b2.GetLower() + b2.GetUpper()), cd = Sse3.HorizontalAdd(c2.GetLower() + c2.GetUpper(), d2.GetLower() + d2.GetUpper());
        return Sse3.HorizontalAdd(ab, cd);
    }
}
