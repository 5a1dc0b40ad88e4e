using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    private readonly Buffer64<float> _factors, _zeros;   // [places]
    private readonly Buffer64<int> _inputs, _offsets;

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
        (_factors, _zeros, _inputs) = (new Buffer64<float>(Places), new Buffer64<float>(Places), new Buffer64<int>(Places));
        for (int place = 0; place < Places; place++)
            if (Order[place] is >= 0 and int input) (_inputs.Span[place], _factors.Span[place], _zeros.Span[place]) = (input, 1 / MathF.ScaleB(format.Scale, format.Exponents[input]), format.ZeroPoint - Middle);
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
            int sum = 0, end = Ends[group];
            if (Avx2.IsSupported)
                for (; place <= end - Vector256<float>.Count; place += Vector256<float>.Count)
                {
                    Vector256<float> values = Avx2.GatherVector256(x, Vector256.Load(_inputs.Pointer + place), sizeof(float)) * Vector256.Load(_factors.Pointer + place);
                    Vector256<int> codes = Vector256.ConvertToInt32Native(Vector256.Clamp(Vector256.Round(values) + Vector256.Load(_zeros.Pointer + place), Vector256.Create((float)sbyte.MinValue), Vector256.Create((float)sbyte.MaxValue)));
                    Vector128<short> narrow = Vector128.Narrow(codes.GetLower(), codes.GetUpper());
                    if (Wide) narrow.Store((short*)to + place);
                    else Vector128.Narrow(narrow, narrow).GetLower().Store((sbyte*)to + place);
                    sum += Vector256.Sum(codes);
                }
            for (; place < end; place++)
            {
                int code = (int)Math.Clamp(MathF.Round(x[_inputs.Pointer[place]] * _factors.Pointer[place]) + _zeros.Pointer[place], sbyte.MinValue, sbyte.MaxValue);
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
