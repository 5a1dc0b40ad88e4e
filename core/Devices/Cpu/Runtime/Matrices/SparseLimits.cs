namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>The dense product that pruned weights would run on else. Codes are fast where the processor adds four products of bytes in one instruction and 16 sums at a time (AVX-512 VNNI).</summary>
internal enum DenseProduct { Floats, Bytes, Nibbles, FastBytes, FastNibbles }

/// <summary>
/// The densities up to which pruned weights are the faster, turning X and Y included: where medians cross, between weights in 64 x 256 and in 16 x 64 blocks, of 1,024 x 1,024, 768 x 3,072 and
/// 256 x 512. Fast codes and floats were measured with AVX-512, the others with AVX2, on one Zen 4 processor and one thread.
/// </summary>
internal static class SparseLimits
{
    /// <summary>Up to so many rows a vector of the sparse tile is at least half empty, while a dense product costs the less the fewer rows there are.</summary>
    private const int FewRows = 8;

    /// <param name="blocks">Rows and columns of blocks are pruned; else single weights.</param>
    /// <param name="beside">What they would run on else.</param>
    /// <param name="rows">The most rows of X.</param>
    public static double Of(bool blocks, DenseProduct beside, int rows)
    {
        (double one, double few, double many) = (blocks, beside) switch
        {
            (true, DenseProduct.Floats) => (0.6, 0.3, 0.8),
            (true, DenseProduct.Bytes) => (0.2, 0.25, 0.5),
            (true, DenseProduct.Nibbles) => (0.15, 0.15, 0.4),
            (true, DenseProduct.FastBytes) => (0.1, 0.02, 0.17),
            (true, _) => (0.03, 0.02, 0.17),
            (false, DenseProduct.Floats) => (0.12, 0.08, 0.35),
            (false, DenseProduct.Bytes) => (0.05, 0.07, 0.27),
            (false, DenseProduct.Nibbles) => (0.04, 0.05, 0.22),
            (false, DenseProduct.FastBytes) => (0.02, 0.01, 0.09),
            (false, _) => (0.01, 0.01, 0.09),
        };
        return rows == 1 ? one : rows <= FewRows ? few : many;
    }
}
