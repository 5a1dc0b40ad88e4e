namespace Hone.Model;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
/// A value is a pure function of (seed, stream, ordinal, draw): no state, so no order of calls can change it.
/// </summary>
public static class Philox
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57;   // the paper's M0, M1 for 4x32
    private const uint WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;               // key schedule: golden ratio, sqrt(3) - 1

    /// <summary>Ten rounds over a 128-bit counter with a 64-bit key.</summary>
    public static (uint A, uint B, uint C, uint D) Rounds(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)MultiplierA * c0, p1 = (ulong)MultiplierB * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += WeylA;
            k1 += WeylB;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>64 random bits at (seed, stream, ordinal, draw).</summary>
    public static ulong Bits(ulong seed, uint stream, uint ordinal, ulong draw)
    {
        var (a, b, _, _) = Rounds((uint)draw, (uint)(draw >> 32), ordinal, stream, (uint)seed, (uint)(seed >> 32));
        return ((ulong)a << 32) | b;
    }
}
