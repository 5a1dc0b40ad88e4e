namespace Hone.Model;

/// <summary>
/// A stream of random draws fixed by (seed, stream, ordinal); the position is the only state, so it can be saved as one number.
/// </summary>
/// <param name="seed">The study's or model's seed.</param>
/// <param name="stream">What the chance is for; see <see cref="Streams"/>.</param>
/// <param name="ordinal">Which item of that stream, for example the trial's ordinal or the epoch.</param>
public sealed class Chance(ulong seed, uint stream, uint ordinal = 0)
{
    /// <summary>Draws made so far; set it to resume a stream where it stood.</summary>
    public ulong Position { get; set; }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => Philox.Bits(seed, stream, ordinal, Position++);

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0..<paramref name="count"/>-1, without bias (Lemire 2019, multiply and reject).</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        uint range = (uint)count, threshold = unchecked(0u - range) % range;
        for (int attempt = 0; attempt < 128; attempt++)
        {
            ulong product = (NextBits() >> 32) * range;
            if ((uint)product >= threshold) return (int)(product >> 32);
        }
        throw new InvalidOperationException("128 rejected draws in a row: the generator is broken");
    }

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    public bool Happens(double probability) => NextDouble() < probability;

    /// <summary>Standard normal by Box and Muller; two draws each.</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>A random order of 0..<paramref name="count"/>-1 (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}

/// <summary>Names of the random streams, so that no two uses of one seed share draws.</summary>
public static class Streams
{
    public const uint Search = 1, Split = 2, Weights = 3, Order = 4, Augmentation = 5, Sampling = 6, Masks = 7, Bootstrap = 8, Clutter = 9, Fidelity = 10;
}
