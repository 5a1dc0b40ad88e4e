using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with 4-bit weights and X rounded to 4 bits with a scale for each row, two products by one multiplication (<see cref="Operators.Packed"/>): the scheme of Agile-Quant for
/// processors without dot products. With w' = w + 8 and x' = x + 8 the sum of w x is that of w' x' less 8 (sum of w) less 8 (sum of x'), in integers.
/// </summary>
public sealed unsafe class PackedGemm : IGemm
{
    /// <summary>The most inputs whose sums, below 225 K, floats hold exactly.</summary>
    public const int MostInputs = (1 << 24) / 225;

    private readonly Sums _sums;
    private readonly Scaling _scaling;

    /// <param name="weights">[N][K] codes from -8 to 7, row-major.</param>
    /// <param name="scales">[N]: weight = scale * code.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit, or a code is none of 4 bits.</exception>
    public PackedGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(weights, outputs, inputs, scales, bias, capacity, TileKernel.Packed[^1])
    {
    }

    internal PackedGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
    {
        if (inputs > MostInputs) throw new ArgumentException($"expected at most {MostInputs} inputs, whose sums floats hold exactly, got {inputs}", nameof(inputs));
        if (scales.Length != outputs) throw new ArgumentException($"expected {outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        Sizes.Check(bias.Length, outputs);
        var x = new NibbleRows(inputs, capacity);
        _sums = new Sums(new Panels<byte>(CodeGemm.Packed(weights, NibbleRows.Largest, outputs, inputs, kernel), outputs, inputs, kernel), inputs, x);
        _scaling = new Scaling(x, [.. scales], bias.Length == 0 ? new float[outputs] : [.. bias], Columns(weights, outputs, inputs));
    }

    public int Outputs => _sums.Outputs;

    public int Inputs => _sums.Inputs;

    public InstructionSet Instructions => _sums.Instructions;

    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null)
    {
        _scaling.After = after;
        _sums.Run(x, y, rows, workers, _scaling);
    }

    // [N]: minus eight times the sum of an output's codes.
    private static int[] Columns(ReadOnlySpan<sbyte> weights, int outputs, int inputs)
    {
        int[] columns = new int[outputs];
        for (int n = 0; n < outputs; n++)
            foreach (sbyte code in weights.Slice(n * inputs, inputs)) columns[n] -= NibbleRows.Offset * code;
        return columns;
    }

    /// <summary>Sums of w' x' less 8 (sum of x'), as floats.</summary>
    private sealed class Sums(Panels<byte> weights, int inputs, NibbleRows x) : PreparedGemm<byte>(weights, inputs, x, default)
    {
        private readonly Buffer64<float> _scales = Ones(weights.Kernel.Padded(weights.Outputs)), _rowScales = Ones(x.Capacity);

        private protected override Finish Finish => new(_rowScales.Pointer, x.Offsets, x.Capacity, _scales.Pointer, Bias.Pointer);

        private static Buffer64<float> Ones(int count)
        {
            var ones = new Buffer64<float>(count);
            ones.Span.Fill(1);
            return ones;
        }
    }

    /// <summary>y = (y + columns) (scales rowScale) + bias, and what follows.</summary>
    private sealed class Scaling(NibbleRows x, float[] scales, float[] bias, int[] columns) : IAfter
    {
        public IAfter? After { get; set; }

        public void Rows(float* y, int from, int to)
        {
            for (int row = from; row < to; row++)
            {
                float* at = y + (nint)row * scales.Length;
                for (int n = 0; n < scales.Length; n++) at[n] = (at[n] + columns[n]) * (scales[n] * x.Scales[row]) + bias[n];
            }
            After?.Rows(y, from, to);
        }
    }
}
