namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>
/// Rows in 8-bit codes, each with a scale of its own: s = max |x| / 127, code = x / s to the nearest integer, ties to even; in one byte or two, as the kernel reads them.
/// </summary>
internal sealed unsafe class RowCodes : PreparedRows
{
    private readonly int _offset;
    private readonly bool _wide;
    private readonly Buffer64<float> _scales;
    private readonly Buffer64<int> _offsets;

    /// <param name="capacity">The most rows.</param>
    /// <param name="group">Inputs whose weights share a scale, the last group perhaps fewer.</param>
    public RowCodes(TileKernel kernel, int inputs, int capacity, int group)
        : base(inputs, kernel.PaddedInputs(inputs) * kernel.InputBytes, capacity)
    {
        (_offset, _wide) = (kernel.WeightOffset, kernel.InputBytes / kernel.Codes == sizeof(short));
        (Group, Groups) = (group, (inputs + group - 1) / group);
        (_scales, _offsets) = (new Buffer64<float>(capacity), new Buffer64<int>(checked(Groups * capacity)));
    }

    /// <summary>[M].</summary>
    public float* Scales => _scales.Pointer;

    /// <summary>Inputs whose weights share a scale.</summary>
    public int Group { get; }

    /// <summary>How many such groups there are.</summary>
    public int Groups { get; }

    /// <summary>[groups][capacity]: minus the sum of a row's codes, times the offset of the kernel's weights; 0 of a kernel without.</summary>
    public int* Offsets => _offsets.Pointer;

    protected override void Prepare(int row, float* x, byte* to)
    {
        float largest = Rounding.Magnitude(x, Inputs), inverse = Rounding.Inverse(largest);
        _scales.Pointer[row] = largest / Rounding.Largest;
        for (int group = 0; group < Groups; group++)
        {
            int from = group * Group, count = Math.Min(Group, Inputs - from);
            _offsets.Pointer[group * Capacity + row] = -_offset * (_wide ? Rounding.Shorts(x + from, (short*)to + from, inverse, count) : Rounding.Bytes(x + from, (sbyte*)to + from, inverse, count));
        }
    }
}
