using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>A schedule's time on one engine if the memory did not bind, host included, and the time of its traffic alone.</summary>
internal struct EngineTraffic(Engine engine) : IDemand
{
    private double _cycles, _bytes, _elements;

    /// <summary>Both in milliseconds.</summary>
    public static (double ComputeMs, double TrafficMs) Of(FpgaDevice device, Schedule schedule, Engine engine)
    {
        double compute = 0, bytes = 0;
        foreach (SchedulePart part in schedule.Parts)
        {
            double runs = part.Times * part.Workload.Batch;
            foreach (Op op in part.Workload.Ops)
            {
                var sink = new EngineTraffic(engine);
                Lowering.Visit(op, null, ref sink);
                compute += runs * (device.Ms(sink._cycles, sink._elements) + device.BlockMs(op));
                bytes += runs * sink._bytes;
            }
            compute += runs * device.Board.Host.NetworkMs;
        }
        return (compute, device.Ms(bytes / device.Board.BytesPerCycle, 0));
    }

    public void Gemm(in GemmShape shape, double weight)
    {
        _cycles += GemmLatency.Cycles(engine, shape) * weight;
        _bytes += GemmLatency.Bytes(engine, shape) * weight;
    }

    public void Host(double elements, double weight) => _elements += elements * weight;
}
