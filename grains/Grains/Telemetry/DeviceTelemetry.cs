using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Grains.Leasing;
using Hone.Model;
using Microsoft.Extensions.Logging;

namespace Hone.Grains.Telemetry;

/// <summary>What one attached device tells while a silo keeps it: measurements and how they ended, its queue and nodes, how well its table predicts.</summary>
internal sealed partial class DeviceTelemetry(TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);
    private static readonly Seats Benches = new(Label.MostSeats);
    private readonly Dictionary<string, (MeasureJob Job, string Node, DateTimeOffset Since)> _leased = new(StringComparer.Ordinal);
    private int? _bench;
    private DateTimeOffset _told;

    /// <summary>Workloads were priced, from a timestamp of the clock on.</summary>
    public void Priced(int workloads, long since)
    {
        HoneMeter.Pricings.Add(workloads, Label.Device.Of(Label.Attached));
        HoneMeter.PricingTime.Record(clock.GetElapsedTime(since).TotalSeconds, Label.Device.Of(Label.Attached));
    }

    public void Leased(MeasureJob job, string node) => _leased[job.Id] = (job, node, clock.GetUtcNow());

    /// <summary>A lease ended without an answer; the job waits again, or was given up.</summary>
    public void Lost(string device, MeasureJob job, LeaseLoss why, string reason)
    {
        HoneMeter.LostMeasurements.Add(1, Label.Loss.Of(why));
        End(job.Id, "released", reason);
        if (why is not (LeaseLoss.Drained or LeaseLoss.Preempted)) Lost(log, device, job.Id, reason);
    }

    public void Reported(string device, NodeReport report, ReportAnswer answer)
    {
        if (report.Released is not null) return;   // told as a lost lease
        End(report.Job, !answer.Counts ? "refused" : report.Failure is not null ? "uncovered" : "counted", answer.Why, report);
        if (answer.Why is { } why) Refused(log, device, report.Node, report.Job, why);
    }

    /// <summary>Tells of the device once a second, however often it is asked to.</summary>
    public void Tell(DeviceStatus status)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now - _told < TellEvery) return;
        _told = now;
        if (_bench is null && (_bench = Benches.Take()) is { } taken) Sits(log, status.Name, taken);
        Record(status.Waiting, status.Leased, status.Nodes.Count, status.Calibration?.Error ?? double.NaN);
    }

    /// <summary>Another silo has it from now on. A series stays when what it told of has gone: it must say then that nothing is there.</summary>
    public void Gone()
    {
        if (_bench is not { } bench) return;
        Record(0, 0, 0, double.NaN);
        Benches.Leave(bench);
        _bench = null;
    }

    private void Record(int waiting, int leased, int nodes, double error)
    {
        if (_bench is not { } bench) return;
        HoneMeter.DeviceQueue.Record(waiting, Label.Bench.Of(bench), Label.State.Of("waiting"));
        HoneMeter.DeviceQueue.Record(leased, Label.Bench.Of(bench), Label.State.Of("leased"));
        HoneMeter.DeviceNodes.Record(nodes, Label.Bench.Of(bench));
        HoneMeter.CalibrationError.Record(error, Label.Bench.Of(bench));
    }

    private void End(string job, string how, string? error, NodeReport? report = null)
    {
        HoneMeter.Measurements.Add(1, Label.Measured.Of(how));
        if (_leased.Remove(job, out var lease))
        {
            HoneMeter.MeasurementTime.Record((clock.GetUtcNow() - lease.Since).TotalSeconds, Label.Measured.Of(how));
            MeasureSpans.Record(job, lease.Node, lease.Job.Trace, lease.Since, clock.GetUtcNow(), report?.Phases, error);
        }
        else if (report is { Trace: { } trace, Phases: { } phases } && error is null)   // leased by an earlier activation: the node remembers what this one does not
            MeasureSpans.Record(job, report.Node, trace, clock.GetUtcNow() - MeasureSpans.Length(phases), clock.GetUtcNow(), phases, error);
    }

    [LoggerMessage(LogLevel.Information, "device {Device} has bench {Bench} in hone.device.*")]
    private static partial void Sits(ILogger log, string device, int bench);

    [LoggerMessage(LogLevel.Information, "device {Device}: the lease of {Job} is lost: {Reason}")]
    private static partial void Lost(ILogger log, string device, string job, string reason);

    [LoggerMessage(LogLevel.Warning, "device {Device}: the report of {Node} on {Job} does not count: {Reason}")]
    private static partial void Refused(ILogger log, string device, string node, string job, string reason);
}
