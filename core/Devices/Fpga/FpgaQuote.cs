using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>Writes full quotes: totals, the cost of every operation, and why faster engines were turned down.</summary>
internal static class FpgaQuote
{
    private const double Level = 0.95;

    public static Quote Of(FpgaDevice device, Schedule schedule, Configuration? configuration)
    {
        if (schedule.Parts.Count == 0) return None([new Rejection("coverage", "the schedule is empty: give it at least one workload")]);
        foreach (SchedulePart part in schedule.Parts)
            if (device.Covers(part.Workload) is { Complete: false } no) return None([new Rejection("coverage", $"{device.Name} cannot run '{no.Operation}': {no.Reason}")]);

        var pricer = new FpgaPricer(device, schedule);
        int used = configuration is null ? pricer.Best() : device.IndexOf(configuration.Name);
        if (used < 0) return None(device.Only < 0 ? NearMisses(device, pricer) : [Misfit(device, pricer, device.Only)]);
        Engine engine = device.Candidates[used];
        Resources resources = Resources.Of(engine, device.Board, pricer.Columns);
        if (resources.Misfit(device.Board, engine) is Rejection misfit) return None([misfit]);

        var (ops, trafficMs, elements, images) = Details(device, engine, schedule);
        double latency = 0;
        foreach (OpCost op in ops) latency += op.Value;
        var totals = new List<Measurement>
        {
            Modelled("latency_ms", latency, "ms"),
            Modelled("dsp", resources.Dsp, "1"), Modelled("lut", resources.Lut, "1"), Modelled("ff", resources.FlipFlops, "1"), Modelled("bram18", resources.Bram18, "1"),
            Modelled("memory_ms", trafficMs, "ms"), Modelled("host_elements", elements, "1"),
        };
        if (latency > 0) totals.Insert(1, Throughput.Of(totals[0], images));
        if (schedule.Parts.Any(p => p.Workload.Ops.Any(Lowering.Varies)))
            totals.Insert(1, Modelled("latency_p95_ms", schedule.Parts.Sum(p => p.Times * new OneEngine(device, used).Ms(p.Workload, Level)), "ms"));
        return new Quote(totals.ToValueList(), ops.ToValueList(), device.Describe(engine), Faster(device, pricer, used), device.Calibration);

        Measurement Modelled(string metric, double value, string unit) => new(metric, value, unit, Origin.Modelled, null, device.Name, device.Calibration);
        Quote None(ValueList<Rejection> why) => new([], [], null, why, device.Calibration);
    }

    private static (List<OpCost> Ops, double TrafficMs, double Elements, double Images) Details(FpgaDevice device, Engine engine, Schedule schedule)
    {
        var ops = new List<OpCost>();
        double bytes = 0, elements = 0, images = 0;
        foreach (SchedulePart part in schedule.Parts)
        {
            double runs = part.Times * part.Workload.Batch;
            images += runs;
            foreach (Op op in part.Workload.Ops)
            {
                var sink = new Detail(device, engine);
                Lowering.Visit(op, null, ref sink);
                Bound bound = sink.Elements > 0 && device.Ms(0, sink.Elements) >= device.Ms(sink.Cycles, 0) ? Bound.Host : sink.Cycles > 0 ? sink.Bound : Bound.Output;
                ops.Add(new OpCost(op.Id, op.Block, runs * device.Ms(sink.Cycles, sink.Elements), "ms", Text(bound)));
                if (device.BlockMs(op) is > 0 and double overhead) ops.Add(new OpCost($"{op.Id}/overhead", op.Block, runs * overhead, "ms", Text(Bound.Host)));
                bytes += runs * sink.Bytes;
                elements += runs * sink.Elements;
            }
            if (device.Board.Host.NetworkMs > 0) ops.Add(new OpCost("network", part.Workload.Key, runs * device.Board.Host.NetworkMs, "ms", Text(Bound.Host)));
        }
        return (ops, device.Ms(bytes / device.Board.BytesPerCycle, 0), elements, images);
    }

    /// <summary>The fastest engine that is too large, when it would be faster than the one used.</summary>
    private static ValueList<Rejection> Faster(FpgaDevice device, FpgaPricer pricer, int used)
    {
        int e = pricer.FastestMisfit();
        if (e < 0 || pricer.LatencyMs(e) >= pricer.LatencyMs(used)) return [];
        Rejection misfit = Misfit(device, pricer, e);
        return [misfit with { Reason = $"{misfit.Reason}; it would take {Text(pricer.LatencyMs(e))} instead of {Text(pricer.LatencyMs(used))}" }];
    }

    /// <summary>When nothing fits: per cap, the engine that exceeds it least (ties: the first); the nearest cap first.</summary>
    private static ValueList<Rejection> NearMisses(FpgaDevice device, FpgaPricer pricer) =>
        device.Candidates.Select(e => (Engine: e, Over: Resources.Of(e, device.Board, pricer.Columns).Over(device.Board)!))
            .GroupBy(m => m.Over.Metric).Select(cap => cap.MinBy(m => m.Over.Share)).OrderBy(m => m.Over.Share)
            .Select(m => m.Over.Reject(device.Board, m.Engine)).ToValueList();

    private static Rejection Misfit(FpgaDevice device, FpgaPricer pricer, int e) =>
        Resources.Of(device.Candidates[e], device.Board, pricer.Columns).Misfit(device.Board, device.Candidates[e])!;

    internal static string Limit(double ms) => ms < 1 ? $"{ms * 1e3:0.###} us" : $"{ms:0.###} ms";

    internal static string Text(double ms) => ms < 1 ? $"{ms * 1e3:0.0} us" : $"{ms:0.000} ms";

    private static string Text(Bound bound) => bound switch
    {
        Bound.Compute => "compute", Bound.Input => "input", Bound.Weights => "weights", Bound.Output => "output", Bound.Memory => "memory", _ => "host",
    };

    /// <summary>As <see cref="OneEngine"/>, with what bounds the costliest product and the traffic.</summary>
    private struct Detail(FpgaDevice device, Engine engine) : IDemand
    {
        private double _worst;

        public double Cycles { get; private set; }

        public double Elements { get; private set; }

        public double Bytes { get; private set; }

        public Bound Bound { get; private set; }

        public void Gemm(in GemmShape shape, double weight)
        {
            (double cycles, Bound bound) = GemmMemo.Cost(engine, device.Board, shape);
            Cycles += cycles * weight;
            Bytes += GemmLatency.Bytes(engine, shape) * weight;
            if (cycles * weight <= _worst) return;
            (_worst, Bound) = (cycles * weight, bound);
        }

        public void Host(double elements, double weight) => Elements += elements * weight;
    }
}
