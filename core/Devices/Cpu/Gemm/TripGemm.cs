using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with weights in 8-bit codes and X in unsigned 8-bit codes of one scale and one zero point for all of it, and a power of two for each channel (TRIP of Agile-Quant, form
/// B: the weights stay as they are). X is about 2^a[c] s (Q - z); channels of one exponent stand together and have one sum of codes, exact in 32 bits; the sums are added in floats.
/// </summary>
public sealed unsafe class TripGemm : PreparedGemm<byte>
{
    private readonly TripRows _codes;
    private readonly Buffer64<float> _scales, _ones;
    private readonly int[] _ends;

    /// <param name="weights">[N][K] codes, row-major.</param>
    /// <param name="scales">[N]: weight = scale * code.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public TripGemm(ReadOnlySpan<sbyte> weights, int outputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TripFormat format)
        : this(weights, outputs, scales, bias, capacity, format, TileKernel.Byte[^1])
    {
    }

    internal TripGemm(ReadOnlySpan<sbyte> weights, int outputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TripFormat format, TileKernel kernel)
        : this(weights, outputs, scales, bias, new TripRows(kernel, format, capacity), kernel)
    {
    }

    private TripGemm(ReadOnlySpan<sbyte> weights, int outputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, TripRows codes, TileKernel kernel)
        : base(new Panels<byte>(CodeGemm.Packed(Placed(weights, outputs, codes), sbyte.MaxValue, outputs, codes.Places, kernel), outputs, codes.Places, kernel), codes.Inputs, codes, bias)
    {
        if (scales.Length != outputs) throw new ArgumentException($"expected {outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        TripFormat format = codes.Format;
        int groups = codes.Exponents.Length, padded = kernel.Padded(outputs);
        (_codes, _scales, _ones) = (codes, new Buffer64<float>(groups * padded), new Buffer64<float>(codes.Capacity));
        _ones.Span.Fill(1);
        _ends = [.. codes.Ends.Select(end => end / kernel.Step)];
        for (int n = 0; n < outputs; n++)
        {
            for (int g = 0; g < groups; g++) _scales.Span[g * padded + n] = MathF.ScaleB(format.Scale * scales[n], codes.Exponents[g]);
            double zeros = 0;   // what codes of zero would give
            for (int c = 0; c < codes.Inputs; c++) zeros += Math.ScaleB(weights[n * codes.Inputs + c], format.Exponents[c]);
            Bias.Span[n] -= (float)(zeros * (format.ZeroPoint - TripRows.Middle) * format.Scale * scales[n]);
        }
    }

    private protected override Finish Finish => new(_ones.Pointer, _codes.Offsets, _codes.Capacity, _scales.Pointer, Bias.Pointer);

    private protected override ReadOnlySpan<int> Groups => _ends;

    // [N][places]: the weights of inputs where the codes of those inputs lie, 0 where none lies.
    private static sbyte[] Placed(ReadOnlySpan<sbyte> weights, int outputs, TripRows codes)
    {
        Sizes.Check(weights.Length, outputs, codes.Inputs);
        if (codes.Inputs > CodeGemm.MostInputs) throw new ArgumentException($"expected at most {CodeGemm.MostInputs} inputs, whose sum fits into 32 bits, got {codes.Inputs}", nameof(weights));
        sbyte[] placed = new sbyte[checked(outputs * codes.Places)];
        for (int n = 0; n < outputs; n++)
            for (int place = 0; place < codes.Places; place++)
                if (codes.Order[place] is >= 0 and int input) placed[n * codes.Places + place] = weights[n * codes.Inputs + input];
        return placed;
    }
}
