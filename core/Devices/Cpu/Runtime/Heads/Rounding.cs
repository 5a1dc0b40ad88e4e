using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>Floats to 8-bit codes, to the nearest, ties to even.</summary>
internal static unsafe class Rounding
{
    public const int Largest = 127;

    /// <summary>What takes the largest magnitude to the largest code; 0 where all are 0.</summary>
    public static float Inverse(float magnitude) => magnitude > 0 ? Largest / magnitude : 0;

    /// <summary>code = x inverse; gives the sum of codes.</summary>
    public static int Run(float* x, float inverse, sbyte* codes, int count)
    {
        int width = Vector<float>.Count, i = 0;
        var inverses = new Vector<float>(inverse);
        Vector<int> sums = Vector<int>.Zero;
        for (; i <= count - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector<int> a = Code(x + i, inverses), b = Code(x + i + width, inverses), c = Code(x + i + 2 * width, inverses), d = Code(x + i + 3 * width, inverses);
            sums += a + b + (c + d);
            Vector.Store(Vector.Narrow(Vector.Narrow(a, b), Vector.Narrow(c, d)), codes + i);
        }
        int sum = Vector.Sum(sums);
        for (; i < count; i++) sum += codes[i] = (sbyte)MathF.Round(x[i] * inverse);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Code(Vector<float> x, Vector<float> inverse) => Vector.ConvertToInt32Native(Vector.Round(x * inverse));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Code(float* x, Vector<float> inverse) => Code(Vector.Load(x), inverse);
}
