namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with weights in codes, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>), which is part of <see cref="Run"/>. The sum
/// of codes in 32 bits is exact: Y = s_x s_w (sum (w + offset) x - offset sum x) + bias. Products of all widths of weights share this; they differ in how weights are packed.
/// </summary>
public abstract unsafe class CodeGemm : Step
{
    /// <summary>The most inputs whose sum of products of two codes (one of them offset to 255) fits into 32 bits.</summary>
    public const int MostInputs = int.MaxValue / (255 * 128);

    private readonly RowCodes _codes;
    private readonly Panels<byte> _weights;
    private readonly Buffer64<float> _scales, _bias;
    private readonly int _inputs;
    private float* _y;
    private int _rows;

    /// <param name="weights">[N][K] codes, row-major.</param>
    /// <param name="most">The largest code; the smallest is -most - 1.</param>
    private protected CodeGemm(ReadOnlySpan<sbyte> weights, int most, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
    {
        if (inputs > MostInputs) throw new ArgumentException($"expected at most {MostInputs} inputs, whose sum fits into 32 bits, got {inputs}", nameof(inputs));
        if (outputs < 1 || inputs < 1 || weights.Length != (long)outputs * inputs) throw new ArgumentException($"expected {outputs} x {inputs} weights, at least 1 x 1, got {weights.Length}", nameof(weights));
        if (scales.Length != outputs) throw new ArgumentException($"expected {outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        if (bias.Length != 0 && bias.Length != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        foreach (sbyte code in weights)
            if (code > most || code < -most - 1) throw new ArgumentException($"expected codes from {-most - 1} to {most}, got {code}", nameof(weights));
        _inputs = inputs;
        _codes = new RowCodes(kernel, inputs, capacity);
        _weights = new Panels<byte>(Packed(weights, outputs, inputs, kernel), outputs, kernel.Elements(inputs), kernel);
        (_scales, _bias) = (new Buffer64<float>(kernel.Padded(outputs)), new Buffer64<float>(kernel.Padded(outputs)));
        scales.CopyTo(_scales.Span);
        bias.CopyTo(_bias.Span);
    }

    /// <summary>N.</summary>
    public int Outputs => _weights.Outputs;

    /// <summary>K.</summary>
    public int Inputs => _inputs;

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => _weights.Kernel.Set;

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[M][K], row-major, finite.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="rows">M.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers)
    {
        Sizes.Check(x.Length, y.Length, rows, _inputs, Outputs);
        fixed (float* from = x, to = y)
        {
            _codes.Take(from, rows, workers);
            _y = to;
            _rows = rows;
            workers.Run(this);
        }
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_weights.Count, part, parts);
        Product.Run(_codes.Codes, _codes.Stride, _rows, _weights, (byte*)_y, from, to, new Finish(_codes.Scales, _codes.Offsets, _scales.Pointer, _bias.Pointer));
    }

    // [N][elements]: codes plus the kernel's offset. Of two in a byte the first is in the low half; they are so far apart on K as the kernel wants. A place beyond K meets a code of 0.
    private static byte[] Packed(ReadOnlySpan<sbyte> weights, int outputs, int inputs, TileKernel kernel)
    {
        int elements = kernel.Elements(inputs), group = kernel.Apart * kernel.Codes;
        byte[] packed = new byte[checked(outputs * elements)];
        for (int n = 0; n < outputs; n++)
        for (int k = 0; k < inputs; k++)
        {
            int code = weights[n * inputs + k] + kernel.WeightOffset, place = k % group;
            if (kernel.Codes == 1) packed[n * elements + k] = unchecked((byte)code);
            else packed[n * elements + k / group * kernel.Apart + place % kernel.Apart] |= (byte)(code << 4 * (place / kernel.Apart));
        }
        return packed;
    }
}
