using System.Numerics;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>The largest of some numbers.</summary>
internal static unsafe class Largest
{
    /// <summary>
    /// A number such that so many of X are at least as large: exactly so many, or where several equal the last of them the least number that has as many. Numbers from 0 on are ordered as their bits are, so these are
    /// bisected; negative ones are below all of them.
    /// </summary>
    /// <param name="x">(count), no NaN.</param>
    /// <param name="wanted">At least 1; at most as many as there are from 0 on.</param>
    public static float Least(float* x, int count, int wanted)
    {
        int low = 0, high = BitConverter.SingleToInt32Bits(Runtime.Functions.Rows.Top(x, count)) + 1;
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
        Vector<int> found = Vector<int>.Zero;
        int i = 0;
        for (; i <= count - Vector<int>.Count; i += Vector<int>.Count) found -= Vector.GreaterThanOrEqual(Vector.Load((int*)x + i), least);
        int many = Vector.Sum(found);
        for (; i < count; i++)
            if (((int*)x)[i] >= bits) many++;
        return many;
    }
}
