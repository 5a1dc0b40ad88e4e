using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>Why a limit on the latency cannot be met: the cap that stops the engine which would meet it.</summary>
public static class LatencyLimit
{
    /// <summary>
    /// For example "1 ms needs 2x32x16-w4a6: LUT 111 %; the best that fits, 3x32x8-w4a6, takes 1.052 ms". Of the engines that would meet
    /// the limit the one nearest to fitting is named; where none would, fitting or not, the fastest.
    /// </summary>
    /// <param name="limitMs">The most that is allowed, milliseconds.</param>
    /// <returns>Null when the device meets the limit, or cannot run the schedule at all.</returns>
    public static string? WhyNot(FpgaDevice device, Schedule schedule, double limitMs)
    {
        if (schedule.Parts.Count == 0 || schedule.Parts.Any(p => !device.Covers(p.Workload).Complete)) return null;
        var pricer = new FpgaPricer(device, schedule);
        int used = pricer.Best();
        if (used >= 0 && pricer.LatencyMs(used) <= limitMs) return null;

        int near = -1, fastest = 0;
        double least = double.PositiveInfinity;
        for (int e = 0; e < device.Candidates.Length; e++)
        {
            if (pricer.LatencyMs(e) < pricer.LatencyMs(fastest)) fastest = e;
            if (pricer.LatencyMs(e) > limitMs) continue;
            double share = pricer.Fits(e) ? 0 : Over(e)!.Share;
            if (share < least || share == least && pricer.LatencyMs(e) < pricer.LatencyMs(near)) (least, near) = (share, e);
        }
        string limit = Limit(limitMs);
        string best = used < 0 ? "no engine fits"
            : device.Only < 0 ? $"the best that fits, {Name(used)}, takes {Took(used)}" : $"the one engine of this device, {Name(used)}, takes {Took(used)}";
        if (near < 0)
            return $"no engine of this board meets {limit}: the fastest, {Name(fastest)}, takes {Took(fastest)}"
                + (fastest == used ? "" : $"{(pricer.Fits(fastest) ? "" : $" and does not fit ({Over(fastest)!.Text})")}; {best}");
        return pricer.Fits(near) ? $"{limit} needs {Name(near)}, which fits and takes {Took(near)}; {best}" : $"{limit} needs {Name(near)}: {Over(near)!.Text}; {best}";

        string Name(int e) => device.Candidates[e].Name;
        string Took(int e) => FpgaQuote.Text(pricer.LatencyMs(e));
        Excess? Over(int e) => Resources.Of(device.Candidates[e], device.Board, pricer.Columns).Over(device.Board);
    }

    private static string Limit(double ms) => ms < 1 ? $"{ms * 1e3:0.###} us" : $"{ms:0.###} ms";
}
