using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with weights in codes, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>) as part of each run. The sum of codes in 32
/// bits is exact: Y = s_x s_w (sum (w + offset) x - offset sum x) + bias; where groups of inputs have scales of their own, it is the sum of that over groups, in floats, the first group first. Products of all
/// widths of weights share this; they differ in how weights are packed.
/// </summary>
public abstract unsafe class CodeGemm : PreparedGemm<byte>
{
    /// <summary>The most inputs whose sum of products of two codes (one of them offset to 255) fits into 32 bits.</summary>
    public const int MostInputs = int.MaxValue / (255 * 128);

    /// <summary>Inputs that share a scale are a multiple of so many.</summary>
    public const int GroupUnit = 32;

    private readonly RowCodes _codes;
    private readonly Buffer64<float> _scales;
    private readonly int[] _groups = [];

    /// <param name="weights">[N][K] codes, row-major.</param>
    /// <param name="most">The largest code; the smallest is -most - 1.</param>
    /// <param name="scales">[N][groups].</param>
    /// <param name="group">Inputs that share a scale; 0 for all of them.</param>
    private protected CodeGemm(ReadOnlySpan<sbyte> weights, int most, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel, int group = 0)
        : this(new Panels<byte>(Packed(weights, most, outputs, inputs, kernel), outputs, kernel.Elements(inputs), kernel), scales, bias, new RowCodes(kernel, inputs, capacity, Group(group, inputs)), inputs)
    {
    }

    private CodeGemm(Panels<byte> weights, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, RowCodes codes, int inputs)
        : base(weights, inputs, codes, bias)
    {
        TileKernel kernel = weights.Kernel;
        if (scales.Length != (long)Outputs * codes.Groups)
            throw new ArgumentException($"expected {Outputs}{(codes.Groups > 1 ? $" x {codes.Groups}" : "")} scales, one for each output{(codes.Groups > 1 ? " and group" : "")}, got {scales.Length}", nameof(scales));
        (_codes, _scales) = (codes, new Buffer64<float>(codes.Groups * kernel.Padded(Outputs)));
        if (codes.Groups > 1) _groups = [.. Enumerable.Range(1, codes.Groups).Select(g => Math.Min(g * codes.Group / (kernel.Step * kernel.Codes), weights.Steps))];
        for (int n = 0; n < Outputs; n++)
            for (int g = 0; g < codes.Groups; g++) _scales.Span[g * kernel.Padded(Outputs) + n] = scales[n * codes.Groups + g];
    }

    private protected override Finish Finish => new(_codes.Scales, _codes.Offsets, _codes.Capacity, _scales.Pointer, Bias.Pointer);

    private protected override ReadOnlySpan<int> Groups => _groups;

    private static int Group(int group, int inputs)
    {
        if (group < 0 || group % GroupUnit != 0) throw new ArgumentException($"expected groups of a multiple of {GroupUnit} inputs, or 0 for all of them, got {group}", nameof(group));
        return group == 0 ? inputs : Math.Min(group, inputs);
    }

    // [N][elements]: codes plus the kernel's offset. Of two in a byte the first is in the low half; they are so far apart on K as the kernel wants. A place beyond K meets a code of 0.
    internal static byte[] Packed(ReadOnlySpan<sbyte> weights, int most, int outputs, int inputs, TileKernel kernel)
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
