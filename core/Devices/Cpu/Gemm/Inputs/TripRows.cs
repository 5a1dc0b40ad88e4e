namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>
/// Rows in the codes of <see cref="TripFormat"/>, less 128 to fit a signed byte; inputs of one exponent stand together, and each such group fills whole steps. A place that no input has holds 0, which
/// meets a weight of 0.
/// </summary>
internal sealed unsafe class TripRows : PreparedRows
{
    /// <summary>What is taken off a code.</summary>
    public const int Middle = 128;

    private readonly int _offset;
    private readonly Buffer64<float> _factors;
    private readonly Buffer64<int> _offsets;

    /// <param name="capacity">The most rows.</param>
    /// <exception cref="ArgumentException">The format is outside its ranges, or the kernel reads codes of another width.</exception>
    public TripRows(TileKernel kernel, TripFormat format, int capacity)
        : this(kernel, format, capacity, Placed(format, kernel.Step))
    {
    }

    private TripRows(TileKernel kernel, TripFormat format, int capacity, (int[] Order, int[] Ends, int[] Exponents) placed)
        : base(format.Exponents.Count, placed.Order.Length * kernel.InputBytes, capacity)
    {
        (Format, Order, Ends, Exponents, _offset) = (format, placed.Order, placed.Ends, placed.Exponents, kernel.WeightOffset);
        Wide = kernel.InputBytes == sizeof(short);
        _offsets = new Buffer64<int>(checked(Exponents.Length * capacity));
        _factors = new Buffer64<float>(Inputs);
        for (int c = 0; c < Inputs; c++) _factors.Span[c] = 1 / MathF.ScaleB(format.Scale, format.Exponents[c]);
    }

    public TripFormat Format { get; }

    /// <summary>[places]: which input lies there; -1 for none.</summary>
    public int[] Order { get; }

    /// <summary>[groups]: the place behind each group.</summary>
    public int[] Ends { get; }

    /// <summary>[groups]: its exponent.</summary>
    public int[] Exponents { get; }

    public int Places => Order.Length;

    /// <summary>[groups][capacity]: minus the sum of codes, times the offset of the kernel's weights.</summary>
    public int* Offsets => _offsets.Pointer;

    // Codes of two bytes, as some kernels read them.
    private bool Wide { get; }

    protected override void Prepare(int row, float* x, byte* to)
    {
        int place = 0;
        for (int group = 0; group < Ends.Length; group++)
        {
            int sum = 0;
            for (; place < Ends[group]; place++)
            {
                int input = Order[place], code = input < 0 ? 0 : (int)Math.Clamp(MathF.Round(x[input] * _factors.Pointer[input]) + Format.ZeroPoint, 0, byte.MaxValue) - Middle;
                if (Wide) ((short*)to)[place] = (short)code;
                else to[place] = unchecked((byte)code);
                sum += code;
            }
            _offsets.Pointer[group * Capacity + row] = -_offset * sum;
        }
    }

    private static (int[] Order, int[] Ends, int[] Exponents) Placed(TripFormat format, int step)
    {
        format.Check();
        List<int> order = [], ends = [], exponents = [];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, format.Exponents.Count).GroupBy(c => format.Exponents[c]).OrderBy(g => g.Key))
        {
            order.AddRange(group);
            while (order.Count % step != 0) order.Add(-1);
            ends.Add(order.Count);
            exponents.Add(group.Key);
        }
        return ([.. order], [.. ends], [.. exponents]);
    }
}
