using System.Numerics;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with 4-bit weights, two to a byte, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>). Weights lie as w + 8;
/// the sum of codes in 32 bits is exact: Y = s_x s_w (sum (w + 8) x - 8 sum x) + bias.
/// </summary>
public sealed unsafe class NibbleGemm : Step
{
    /// <summary>What is added to a weight.</summary>
    private const int Offset = 8;

    private readonly int _outputs, _inputs;
    private readonly Panels<byte> _weights;
    private readonly RowCodes _codes;
    private readonly Buffer64<float> _scales, _bias;
    private float* _y;
    private int _rows;

    /// <param name="weights">[N][K] codes from -8 to 7, row-major.</param>
    /// <param name="scales">[N]: weight = scale * code.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit, or a code is none of 4 bits.</exception>
    public NibbleGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(weights, outputs, inputs, scales, bias, capacity, TileKernel.Nibble[^1])
    {
    }

    internal NibbleGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
    {
        if (inputs > ByteGemm.MostInputs) throw new ArgumentException($"expected at most {ByteGemm.MostInputs} inputs, whose sum fits into 32 bits, got {inputs}", nameof(inputs));
        if (scales.Length != outputs) throw new ArgumentException($"expected {outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        if (bias.Length != 0 && bias.Length != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        if (outputs < 1 || inputs < 1 || weights.Length != (long)outputs * inputs) throw new ArgumentException($"expected {outputs} x {inputs} weights, at least 1 x 1, got {weights.Length}", nameof(weights));
        (_outputs, _inputs) = (outputs, inputs);
        _weights = new Panels<byte>(Pairs(weights, outputs, inputs), outputs, (inputs + 1) / 2, kernel);
        _codes = new RowCodes(kernel, inputs, capacity);
        (_scales, _bias) = (new Buffer64<float>(outputs), new Buffer64<float>(outputs));
        scales.CopyTo(_scales.Span);
        bias.CopyTo(_bias.Span);
    }

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => _weights.Kernel.Set;

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[M][K], row-major, finite.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="rows">M.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers)
    {
        Sizes.Check(x.Length, y.Length, rows, _inputs, _outputs);
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
        Product.Run(_codes.Codes, _codes.Stride, _rows, _weights, (byte*)_y, from, to, new Scale(_codes.Scales, _codes.Sums, _scales.Pointer, _bias.Pointer));
    }

    // [N][K/2]: the first of a pair in the low half; an odd last one stands beside a weight of 0, which meets a code of 0.
    private static byte[] Pairs(ReadOnlySpan<sbyte> weights, int outputs, int inputs)
    {
        int half = (inputs + 1) / 2;
        byte[] pairs = new byte[checked(outputs * half)];
        for (int n = 0; n < outputs; n++)
        for (int k = 0; k < inputs; k++)
        {
            int code = weights[n * inputs + k] + Offset;
            if (code is < 0 or > 15) throw new ArgumentException($"expected codes of 4 bits, -8 to 7, got {code - Offset}", nameof(weights));
            pairs[n * half + k / 2] |= (byte)(k % 2 == 0 ? code : code << 4);
        }
        return pairs;
    }

    private readonly struct Scale(float* rowScales, int* rowSums, float* scales, float* bias) : IEpilogue
    {
        public void Apply(byte* y, int row, int column, int count)
        {
            int* sums = (int*)y;
            float* to = (float*)y, scale = scales + column, add = bias + column;
            float rowScale = rowScales[row];
            int off = Offset * rowSums[row];
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                Vector.Store(Vector.ConvertToSingle(Vector.Load(sums + i) - new Vector<int>(off)) * (Vector.Load(scale + i) * rowScale) + Vector.Load(add + i), to + i);
            for (; i < count; i++) to[i] = (sums[i] - off) * (scale[i] * rowScale) + add[i];
        }
    }
}
