using Hone.Model;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>Which weights of W [M][K] are kept.</summary>
/// <param name="Kept">[M][K], row-major.</param>
public sealed record Mask(int Outputs, int Inputs, bool[] Kept)
{
    /// <summary>How many are kept.</summary>
    public int Count => Kept.AsSpan().Count(true);

    /// <summary>The share that is kept, counted.</summary>
    public double Density => (double)Count / Kept.Length;

    /// <summary>What is not zero.</summary>
    /// <param name="weights">[M][K], row-major.</param>
    public static Mask Of(ReadOnlySpan<float> weights, int outputs, int inputs)
    {
        bool[] kept = new bool[weights.Length];
        for (int i = 0; i < kept.Length; i++) kept[i] = weights[i] != 0;
        return new Mask(outputs, inputs, kept);
    }

    /// <summary>A bit for each weight, row-major, the lowest of a byte first; those beyond the last are 0: the blob that <see cref="Weights.Pattern"/> names.</summary>
    public byte[] Pack()
    {
        byte[] bits = new byte[Bytes(Outputs, Inputs)];
        for (int i = 0; i < Kept.Length; i++)
            if (Kept[i]) bits[i / 8] |= (byte)(1 << i % 8);
        return bits;
    }

    /// <summary>What <see cref="Pack"/> made.</summary>
    /// <exception cref="HoneException">Not as many bytes as a mask of this size has.</exception>
    public static Mask Unpack(ReadOnlySpan<byte> bits, int outputs, int inputs)
    {
        if (bits.Length != Bytes(outputs, inputs)) throw new HoneException($"expected the mask of {outputs} x {inputs} weights to have {Bytes(outputs, inputs)} bytes, a bit for each, got {bits.Length}");
        bool[] kept = new bool[checked(outputs * inputs)];
        for (int i = 0; i < kept.Length; i++) kept[i] = (bits[i / 8] >> i % 8 & 1) != 0;
        return new Mask(outputs, inputs, kept);
    }

    /// <summary>Makes zero what is not kept.</summary>
    /// <exception cref="ArgumentException">Not M x K.</exception>
    public void Apply(Span<float> weights)
    {
        if (weights.Length != Kept.Length) throw new ArgumentException($"expected {Outputs} x {Inputs} weights, got {weights.Length}", nameof(weights));
        for (int i = 0; i < weights.Length; i++)
            if (!Kept[i]) weights[i] = 0;
    }

    internal ReadOnlySpan<bool> Row(int output) => Kept.AsSpan(output * Inputs, Inputs);

    private static int Bytes(int outputs, int inputs) => checked((outputs * inputs + 7) / 8);
}
