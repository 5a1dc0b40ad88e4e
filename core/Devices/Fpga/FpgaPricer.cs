using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>One schedule, lowered once: its latency on every candidate engine of a device, and which of them fit.</summary>
public sealed class FpgaPricer
{
    private readonly FpgaDevice _device;
    private readonly double[] _latency; // (candidates), ms
    private readonly bool[] _fits;      // (candidates)

    /// <exception cref="HoneException">The schedule holds an operation that the device does not cover.</exception>
    public FpgaPricer(FpgaDevice device, Schedule schedule)
    {
        (_device, _latency) = (device, new double[device.Candidates.Length]);
        var sink = new AllEngines(device, new double[_latency.Length]);
        foreach (SchedulePart part in schedule.Parts) sink.Add(part.Workload, part.Times, _latency);
        Columns = sink.Columns;
        _fits = device.Fits(Columns);
    }

    /// <summary>The most columns that stream at once; they set the depth of the tile buffers.</summary>
    public int Columns { get; }

    /// <summary>Milliseconds on the candidate engine of this index, whether it fits or not.</summary>
    public double LatencyMs(int engine) => _latency[engine];

    /// <summary>Whether the candidate engine of this index fits the board for this schedule.</summary>
    public bool Fits(int engine) => _fits[engine];

    /// <summary>Index of the device's one engine, or of the fastest (ties: the first), that fits; -1 when none does.</summary>
    public int Best() => _device.Fastest(_latency, _fits);

    /// <summary>Index of the fastest engine that is too large for the board, or -1 when all fit.</summary>
    public int FastestMisfit()
    {
        int best = -1;
        for (int e = 0; e < _latency.Length; e++)
            if (!_fits[e] && (best < 0 || _latency[e] < _latency[best])) best = e;
        return best;
    }
}

/// <summary>Adds up one operation on every candidate engine.</summary>
internal struct AllEngines(FpgaDevice device, double[] op) : IDemand
{
    private double _elements;

    /// <summary>The most columns met.</summary>
    public int Columns { get; private set; }

    public void Gemm(in GemmShape shape, double weight)
    {
        Columns = Math.Max(Columns, shape.Columns);
        double[] cycles = device.Memo.Cycles(shape);
        double[] sum = op;
        for (int e = 0; e < sum.Length; e++) sum[e] += cycles[e] * weight;
    }

    public void Host(double elements, double weight) => _elements += elements * weight;

    /// <summary>Adds a workload run <paramref name="times"/> times to <paramref name="latency"/> (candidates), ms.</summary>
    public void Add(Workload workload, double times, double[] latency)
    {
        double runs = times * workload.Batch;
        foreach (Op item in workload.Ops)
        {
            Array.Clear(op);
            _elements = 0;
            Lowering.Visit(item, null, ref this);
            double overhead = device.Board.Host.BlockMs > 0 ? device.BlockMs(item) : 0;
            for (int e = 0; e < op.Length; e++)
            {
                latency[e] += runs * device.Ms(op[e], _elements);
                if (overhead > 0) latency[e] += runs * overhead;
            }
        }
        if (device.Board.Host.NetworkMs > 0)
            for (int e = 0; e < op.Length; e++) latency[e] += runs * device.Board.Host.NetworkMs;
    }
}

/// <summary>Adds up one operation on one engine.</summary>
internal struct OneEngine(FpgaDevice device, int engine) : IDemand
{
    private double _cycles, _elements;

    public void Gemm(in GemmShape shape, double weight) => _cycles += device.Memo.Cycles(shape)[engine] * weight;

    public void Host(double elements, double weight) => _elements += elements * weight;

    /// <summary>Milliseconds of a workload run once, batch included.</summary>
    public double Ms(Workload workload, double? level)
    {
        double total = 0, runs = workload.Batch;
        foreach (Op op in workload.Ops)
        {
            (_cycles, _elements) = (0, 0);
            Lowering.Visit(op, level, ref this);
            total += runs * device.Ms(_cycles, _elements);
            if (device.Board.Host.BlockMs > 0 && device.BlockMs(op) is > 0 and double overhead) total += runs * overhead;
        }
        return device.Board.Host.NetworkMs > 0 ? total + runs * device.Board.Host.NetworkMs : total;
    }
}
