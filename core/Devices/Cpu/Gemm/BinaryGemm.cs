using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = s (sign(X) W^T) + bias with weights of -1 and 1 and a scale for each output; X becomes signs as part of each run, 0 a positive one. A sum is K less twice the number of signs that differ,
/// which are counted 32 at a time: exact up to the rounding of scale and bias.
/// </summary>
public sealed unsafe class BinaryGemm : PreparedGemm<uint>
{
    private readonly Buffer64<float> _scales, _ones;
    private readonly Buffer64<int> _zeros;

    /// <param name="weights">[N][K], each -1 or 1, row-major.</param>
    /// <param name="scales">[N].</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit, or a weight is neither -1 nor 1.</exception>
    public BinaryGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(weights, outputs, inputs, scales, bias, capacity, TileKernel.Binary[^1])
    {
    }

    internal BinaryGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
        : base(new Panels<uint>(Packed(weights, outputs, inputs), outputs, kernel.Elements(inputs), kernel), inputs, new SignRows(inputs, kernel.PaddedInputs(inputs), capacity), bias)
    {
        if (scales.Length != outputs) throw new ArgumentException($"expected {outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        (_scales, _ones, _zeros) = (new Buffer64<float>(kernel.Padded(outputs)), new Buffer64<float>(capacity), new Buffer64<int>(capacity));
        _ones.Span.Fill(1);
        for (int n = 0; n < outputs; n++)   // s (K - 2 differing) + b = (-2 s) differing + (b + s K)
        {
            _scales.Span[n] = -2 * scales[n];
            Bias.Span[n] += scales[n] * inputs;
        }
    }

    private protected override Finish Finish => new(_ones.Pointer, _zeros.Pointer, _zeros.Count, _scales.Pointer, Bias.Pointer);

    private static uint[] Packed(ReadOnlySpan<sbyte> weights, int outputs, int inputs)
    {
        Sizes.Check(weights.Length, outputs, inputs);
        int elements = (inputs + SignRows.Bits - 1) / SignRows.Bits;
        uint[] packed = new uint[checked(outputs * elements)];
        for (int n = 0; n < outputs; n++)
        for (int k = 0; k < inputs; k++)
        {
            sbyte weight = weights[n * inputs + k];
            if (weight is not (1 or -1)) throw new ArgumentException($"expected weights of -1 and 1, got {weight}", nameof(weights));
            if (weight < 0) packed[n * elements + k / SignRows.Bits] |= 1u << k % SignRows.Bits;
        }
        return packed;
    }
}
