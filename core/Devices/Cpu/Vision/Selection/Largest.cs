using System.Numerics;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>The largest of some numbers.</summary>
internal static unsafe class Largest
{
    private const int Near = 4 << 23;   // bits of a sixteenth: most often the wanted number is not that much less than the largest

    /// <summary>
    /// A number such that so many of X are at least as large: exactly so many, or where several equal the last of them the least number that has as many. Numbers from 0 on are ordered as their bits are, so these are
    /// bisected; negative ones are below all of them.
    /// </summary>
    /// <param name="x">(count), no NaN.</param>
    /// <param name="wanted">At least 1; at most as many as there are from 0 on.</param>
    public static float Least(float* x, int count, int wanted)
    {
        int top = BitConverter.SingleToInt32Bits(Runtime.Functions.Rows.Top(x, count)), low = Math.Max(0, top - Near), high = top + 1;
        if (AtLeast(x, count, low) < wanted) (low, high) = (0, low);
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2), many = AtLeast(x, count, middle);
            if (many == wanted) return BitConverter.Int32BitsToSingle(middle);
            if (many > wanted) low = middle;
            else high = middle;
        }
        return BitConverter.Int32BitsToSingle(low);
    }

    private static int AtLeast(float* x, int count, int bits)
    {
        var least = new Vector<int>(bits);
        Vector<int> found = Vector<int>.Zero, more = found;
        int i = 0;
        for (; i <= count - 2 * Vector<int>.Count; i += 2 * Vector<int>.Count)
        {
            found -= Vector.GreaterThanOrEqual(Vector.Load((int*)x + i), least);
            more -= Vector.GreaterThanOrEqual(Vector.Load((int*)x + i + Vector<int>.Count), least);
        }
        for (; i <= count - Vector<int>.Count; i += Vector<int>.Count) found -= Vector.GreaterThanOrEqual(Vector.Load((int*)x + i), least);
        int many = Vector.Sum(found + more);
        for (; i < count; i++)
            if (((int*)x)[i] >= bits) many++;
        return many;
    }
}
