using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>Why a limit on the latency cannot be met: the cap that stops the engine which would meet it, or the memory.</summary>
public static class LatencyLimit
{
    /// <summary>
    /// For example "1 ms needs 2x32x16-w4a6: LUT 111 %; the best that fits, 3x32x8-w4a6, takes 1.052 ms". Of the engines that would meet
    /// the limit the one nearest to fitting is named; where none would, fitting or not, the fastest. Where an engine that fits computes fast enough and only the
    /// memory bound keeps it, or all of them, the reason is the memory with its traffic.
    /// </summary>
    /// <param name="limitMs">The most that is allowed, milliseconds.</param>
    /// <param name="asked">The limit as the study has it; null: the milliseconds.</param>
    /// <returns>Null when the device meets the limit, or cannot run the schedule at all.</returns>
    public static string? WhyNot(FpgaDevice device, Schedule schedule, double limitMs, string? asked = null)
    {
        if (schedule.Parts.Count == 0 || schedule.Parts.Any(p => !device.Covers(p.Workload).Complete)) return null;
        var pricer = new FpgaPricer(device, schedule);
        int used = pricer.Best();
        if (used >= 0 && pricer.LatencyMs(used) <= limitMs) return null;

        string limit = asked ?? FpgaQuote.Limit(limitMs);
        string best = used < 0 ? "no engine fits"
            : device.Only < 0 ? $"the best that fits, {Name(used)}, takes {Took(used)}" : $"the one engine of this device, {Name(used)}, takes {Took(used)}";
        return Memory(device, schedule, pricer, limitMs) is { } memory ? $"{limit} {memory}; {best}" : Engine();

        string Engine()
        {
            int near = -1, fastest = 0;
            double least = double.PositiveInfinity;
            for (int e = 0; e < device.Candidates.Length; e++)
            {
                if (pricer.LatencyMs(e) < pricer.LatencyMs(fastest)) fastest = e;
                if (pricer.LatencyMs(e) > limitMs) continue;
                double share = pricer.Fits(e) ? 0 : Over(e)!.Share;
                if (share < least || share == least && pricer.LatencyMs(e) < pricer.LatencyMs(near)) (least, near) = (share, e);
            }
            if (near < 0)
                return $"no engine of this board meets {limit}: the fastest, {Name(fastest)}, takes {Took(fastest)}"
                    + (fastest == used ? "" : $"{(pricer.Fits(fastest) ? "" : $" and does not fit ({Over(fastest)!.Text})")}; {best}");
            return pricer.Fits(near) ? $"{limit} needs {Name(near)}, which fits and takes {Took(near)}; {best}" : $"{limit} needs {Name(near)}: {Over(near)!.Text}; {best}";
        }

        string Name(int e) => device.Candidates[e].Name;
        string Took(int e) => FpgaQuote.Text(pricer.LatencyMs(e));
        Excess? Over(int e) => Resources.Of(device.Candidates[e], device.Board, pricer.Columns).Over(device.Board);
    }

    /// <summary>What a limit on images per second comes to.</summary>
    /// <inheritdoc cref="WhyNot"/>
    /// <param name="fps">The least that is allowed, images per second.</param>
    public static string? WhyNotFps(FpgaDevice device, Schedule schedule, double fps)
    {
        double ms = 1e3 * schedule.Parts.Sum(p => p.Times * p.Workload.Batch) / fps;
        return fps > 0 && ms > 0 ? WhyNot(device, schedule, ms, $"{fps:0.###} FPS ({FpgaQuote.Limit(ms)})") : null;
    }

    /// <summary>Why the memory is what stands in the way; null where it is not.</summary>
    private static string? Memory(FpgaDevice device, Schedule schedule, FpgaPricer pricer, double limitMs)
    {
        if (!device.Board.Ddr.Binds) return null;
        (double Compute, double Traffic)[] split = [.. device.Candidates.Select(e => EngineTraffic.Of(device, schedule, e))];   // (candidates), ms
        string rate = $"{device.Board.Ddr.BytesPerSecond * device.Board.Ddr.Efficiency / 1e9:0.##} GB/s";
        int least = 0, kept = -1;
        for (int e = 0; e < split.Length; e++)
        {
            if (split[e].Traffic < split[least].Traffic) least = e;
            if (pricer.Fits(e) && (device.Only < 0 || e == device.Only) && split[e].Compute <= limitMs && (kept < 0 || split[e].Traffic < split[kept].Traffic)) kept = e;
        }
        if (split[least].Traffic > limitMs)
            return $"is beyond every engine, memory: {FpgaQuote.Text(split[least].Traffic)} of traffic at {rate} on {device.Candidates[least].Name}, which moves least";
        return kept < 0 ? null
            : $"fails on memory: {FpgaQuote.Text(split[kept].Traffic)} of traffic at {rate}; {device.Candidates[kept].Name}, which fits, computes in {FpgaQuote.Text(split[kept].Compute)}, but waits for it in some products";
    }
}
