using System.Runtime.CompilerServices;

namespace Hone.Devices.Fpga;

/// <summary>
/// A DSP48E2 slice in software, bit for bit: a signed 27 x 18-bit multiplier that several narrow products share. The 10-bit fields of
/// the fourfold packing have no guard bits, so a product is taken apart before it is added to anything.
/// </summary>
public static class DspPacking
{
    private const int Field = 10, PortA = 27, PortB = 18;

    /// <summary>The slice's multiplier: signed A of 27 bits times signed B of 18 bits; bits beyond the ports are lost, as in hardware.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Multiply(long a, long b) => (a << (64 - PortA) >> (64 - PortA)) * (b << (64 - PortB) >> (64 - PortB));

    /// <summary>
    /// Four products at once: (a1 w1, a1 w2, a2 w1, a2 w2) of activations of 6 bits and weights of 4 bits.
    /// </summary>
    /// <param name="signedActivations">a in [-32, 31]; else in [0, 63].</param>
    /// <param name="signedLow">w1 in [-8, 7]; else in [0, 15]. w2 is always signed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int A1W1, int A1W2, int A2W1, int A2W2) Four(int a1, int a2, int w1, int w2, bool signedActivations, bool signedLow)
    {
        long r = Multiply(a1 + ((long)a2 << (2 * Field)), w1 + ((long)w2 << Field));
        bool signedFirst = signedActivations || signedLow;
        int p11 = Take(ref r, signedFirst), p12 = Take(ref r, true), p21 = Take(ref r, signedFirst);
        return (p11, p12, p21, (int)r);
    }

    /// <summary>
    /// Two products of 6-bit activations with one signed 8-bit weight w = 16 hi + lo, hi signed, lo unsigned: a w = 16 (a hi) + a lo.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int A1W, int A2W) Hybrid(int a1, int a2, int w, bool signedActivations)
    {
        (int low1, int high1, int low2, int high2) = Four(a1, a2, w & 15, w >> 4, signedActivations, signedLow: false);
        return ((high1 << 4) + low1, (high2 << 4) + low2);
    }

    /// <summary>Three products of one 6-bit activation with signed 4-bit weights, fields spaced by 10 or 11 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int W1, int W2, int W3) Three(int a, int w1, int w2, int w3, int spacing = Field)
    {
        long r = Multiply(w1 + ((long)w2 << spacing) + ((long)w3 << (2 * spacing)), a);
        int p1 = Take(ref r, true, spacing), p2 = Take(ref r, true, spacing);
        return (p1, p2, (int)r);
    }

    /// <summary>Two products of signed 8-bit numbers: (a b, a c) from a ((b &lt;&lt; 18) + c), the low field of 18 bits signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int AB, int AC) Two(int a, int b, int c)
    {
        long r = Multiply(((long)b << PortB) + c, a);
        int low = Take(ref r, true, PortB);
        return ((int)r, low);
    }

    /// <summary>The lowest field, and what is left above it; subtracting the field repairs the borrow that it took.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Take(ref long r, bool signed, int bits = Field)
    {
        long field = signed ? r << (64 - bits) >> (64 - bits) : r & ((1L << bits) - 1);
        r = (r - field) >> bits;
        return (int)field;
    }
}
