using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with weights in codes, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>) as part of each run. The sum of codes in 32
/// bits is exact: Y = s_x s_w (sum (w + offset) x - offset sum x) + bias. Products of all widths of weights share this; they differ in how weights are packed.
/// </summary>
public abstract unsafe class CodeGemm : PreparedGemm<byte>
{
    /// <summary>The most inputs whose sum of products of two codes (one of them offset to 255) fits into 32 bits.</summary>
    public const int MostInputs = int.MaxValue / (255 * 128);

    private readonly RowCodes _codes;
    private readonly Buffer64<float> _scales;

    /// <param name="weights">[N][K] codes, row-major.</param>
    /// <param name="most">The largest code; the smallest is -most - 1.</param>
    private protected CodeGemm(ReadOnlySpan<sbyte> weights, int most, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
        : this(new Panels<byte>(Packed(weights, most, outputs, inputs, kernel), outputs, kernel.Elements(inputs), kernel), scales, bias, new RowCodes(kernel, inputs, capacity), inputs)
    {
    }

    private CodeGemm(Panels<byte> weights, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, RowCodes codes, int inputs)
        : base(weights, inputs, codes, bias)
    {
        if (scales.Length != Outputs) throw new ArgumentException($"expected {Outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        (_codes, _scales) = (codes, new Buffer64<float>(weights.Kernel.Padded(Outputs)));
        scales.CopyTo(_scales.Span);
    }

    private protected override Finish Finish => new(_codes.Scales, _codes.Offsets, _scales.Pointer, Bias.Pointer);

    // [N][elements]: codes plus the kernel's offset. Of two in a byte the first is in the low half; they are so far apart on K as the kernel wants. A place beyond K meets a code of 0.
    private static byte[] Packed(ReadOnlySpan<sbyte> weights, int most, int outputs, int inputs, TileKernel kernel)
    {
        if (inputs > MostInputs) throw new ArgumentException($"expected at most {MostInputs} inputs, whose sum fits into 32 bits, got {inputs}", nameof(inputs));
        Sizes.Check(weights.Length, outputs, inputs);
        int elements = kernel.Elements(inputs), group = kernel.Apart * kernel.Codes;
        byte[] packed = new byte[checked(outputs * elements)];
        for (int n = 0; n < outputs; n++)
        for (int k = 0; k < inputs; k++)
        {
            int code = weights[n * inputs + k], offset = code + kernel.WeightOffset, place = k % group;
            if (code > most || code < -most - 1) throw new ArgumentException($"expected codes from {-most - 1} to {most}, got {code}", nameof(weights));
            if (kernel.Codes == 1) packed[n * elements + k] = unchecked((byte)offset);
            else packed[n * elements + k / group * kernel.Apart + place % kernel.Apart] |= (byte)(offset << 4 * (place / kernel.Apart));
        }
        return packed;
    }
}
