using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>The one engine that a device prices everything on, and how it came to it: one bitstream for a whole front.</summary>
/// <param name="Name">For example "3x32x8-w4a6".</param>
/// <param name="Why">Who chose it; every quote repeats it.</param>
public sealed record FixedEngine(string Name, string Why);

/// <summary>Chooses one engine for many workloads.</summary>
public static class EngineChoice
{
    /// <summary>
    /// The engine with the least total latency over the workloads among those that fit all of them (ties: the first of the board's
    /// grids). Nothing but its arguments decides.
    /// </summary>
    /// <exception cref="HoneException">There is no workload, or no engine fits all of them.</exception>
    public static Engine ForAll(FpgaDevice device, IEnumerable<Workload> workloads)
    {
        double[] total = new double[device.Candidates.Length]; // (candidates), ms
        int columns = 0, count = 0;
        foreach (Workload workload in workloads)
        {
            var pricer = new FpgaPricer(device, Schedule.Once(workload));
            for (int e = 0; e < total.Length; e++) total[e] += pricer.LatencyMs(e);
            columns = Math.Max(columns, pricer.Columns);
            count++;
        }
        if (count == 0) throw new HoneException($"one engine of {device.Board.Name}: expected workloads to choose it by, got none");
        int best = device.Fastest(total, device.Fits(columns));
        return best >= 0 ? device.Candidates[best]
            : throw new HoneException($"one engine of {device.Board.Name}: none fits all of the {count} workloads ({columns} columns); take a larger board or shorter inputs");
    }
}
