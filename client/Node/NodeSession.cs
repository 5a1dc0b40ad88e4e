using Hone.Model;
using Hone.Node.Machine;
using Hone.Node.Server;

namespace Hone.Node;

/// <summary>
/// A node's life: asks for a job, measures, reports, and asks again; one job at a time. It outlives the silo: while that does not answer it asks on. Ends when it is told to, giving back what it
/// holds, or when the cluster refuses it.
/// </summary>
public static class NodeSession
{
    /// <summary>A node asks for work at least this often: a measurement, a wait for one, a try.</summary>
    internal static readonly TimeSpan AliveWithin = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <param name="says">Where it says what it does.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="HoneException">Refused: a wrong token, or a name that no attached device can have.</exception>
    public static async Task<int> RunAsync(NodeOptions options, TextWriter says, CancellationToken stop)
    {
        using IMeter meter = MachineMeter.Open(options.Threads);
        return await RunAsync(options, meter, says, stop);
    }

    internal static async Task<int> RunAsync(NodeOptions options, IMeter meter, TextWriter says, CancellationToken stop)
    {
        using var door = new DeviceDoor(options);
        NodeInfo node = meter.Describe();
        var log = new NodeLog(says, options.Json, TimeProvider.System);
        log.Begins(options, node);
        while (!stop.IsCancellationRequested)
        {
            if (options.AliveFile is { } alive) await File.WriteAllTextAsync(alive, "", CancellationToken.None);
            try
            {
                MeasureLease? lease = await door.LeaseAsync(meter.Describe(), stop);
                log.Heard();
                if (lease is null) log.Idle();
                else await ServeAsync(lease, node.Name, meter, door, log, stop);
            }
            catch (HttpRequestException e)
            {
                log.Lost(e);
                await Task.Delay(Again, CancellationToken.None).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
        }
        log.Ends();
        return 0;
    }

    private static async Task ServeAsync(MeasureLease lease, string node, IMeter meter, DeviceDoor door, NodeLog log, CancellationToken stop)
    {
        using var heart = new Heart(door, node, lease, stop);
        NodeReport report = new(node, lease.Job.Id, lease.Token, Trace: lease.Job.Trace);
        try
        {
            (Metered metered, NodePhases phases) = await Measured(lease, meter, heart);
            report = report with { Reading = metered.Reading, Phases = phases };
        }
        catch (OperationCanceledException)
        {
            if (!stop.IsCancellationRequested) return;   // the lease is another's now
            report = report with { Released = NodeReport.Stopping };
        }
        catch (HoneException e)
        {
            report = report with { Failure = new NodeFailure(NodeFailure.Uncovered, e.Message) };
        }
        catch (Exception e)
        {
            report = report with { Released = $"{node}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}" };
        }
        log.Reports(lease.Job, report, await Deliver(door, report, stop));
    }

    // Machines have one thing measured at a time, whatever nodes run there; on a thread of its own, which the kernels' workers join.
    private static async Task<(Metered Metered, NodePhases Phases)> Measured(MeasureLease lease, IMeter meter, Heart heart)
    {
        long began = TimeProvider.System.GetTimestamp();
        using MachineTurn turn = await MachineTurn.TakeAsync(heart.Token);
        double waiting = Since(began);
        Metered metered = await Task.Factory.StartNew(() => meter.Measure(lease.Job.Workload, lease.SentinelMs, heart.Step, heart.Token), heart.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (metered, new NodePhases(waiting, metered.WarmUpMs, Math.Max(0, Since(began) - waiting - metered.WarmUpMs)));

        static double Since(long began) => Math.Round(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, 3);
    }

    // An answer is kept until the cluster has it; once this node stops, it is tried a last time.
    private static async Task<ReportAnswer?> Deliver(DeviceDoor door, NodeReport report, CancellationToken stop)
    {
        while (true)
        {
            bool last = stop.IsCancellationRequested;
            try
            {
                return await door.ReportAsync(report, last ? CancellationToken.None : stop);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                if (last) return null;
                await Task.Delay(Again, CancellationToken.None).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
