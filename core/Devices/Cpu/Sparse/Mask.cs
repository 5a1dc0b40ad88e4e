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

    /// <summary>Makes zero what is not kept.</summary>
    /// <exception cref="ArgumentException">Not M x K.</exception>
    public void Apply(Span<float> weights)
    {
        if (weights.Length != Kept.Length) throw new ArgumentException($"expected {Outputs} x {Inputs} weights, got {weights.Length}", nameof(weights));
        for (int i = 0; i < weights.Length; i++)
            if (!Kept[i]) weights[i] = 0;
    }

    internal ReadOnlySpan<bool> Row(int output) => Kept.AsSpan(output * Inputs, Inputs);
}
