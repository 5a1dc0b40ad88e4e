using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Grains.Leasing;
using Microsoft.Extensions.Logging;

namespace Hone.Grains.Telemetry;

/// <summary>What a queue tells: how much waits and for how long, leases given and lost, and how soon a lost one is given again.</summary>
internal sealed partial class QueueTelemetry(TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, DateTimeOffset> _waits = new(StringComparer.Ordinal);   // since when, by job id
    private readonly Dictionary<string, DateTimeOffset> _lost = new(StringComparer.Ordinal);    // when, by job id
    private DateTimeOffset _told;

    public void Enqueued(Job job) => _waits[job.Id] = clock.GetUtcNow();

    public void Leased(Job job, string slot)
    {
        DateTimeOffset now = clock.GetUtcNow();
        HoneMeter.Leases.Add(1, Label.Job.Of(job.Kind));
        if (_lost.Remove(job.Id, out DateTimeOffset lost)) HoneMeter.Recoveries.Record((now - lost).TotalSeconds, Label.Job.Of(job.Kind));
        if (!_waits.Remove(job.Id, out DateTimeOffset since)) return;   // a living slot's, taken over from its heartbeat
        HoneMeter.Waits.Record((now - since).TotalSeconds, Label.Job.Of(job.Kind));
        HoneTrace.Begin(Span.Queue, job.Trace, since)?.SetTag("hone.job", job.Id).SetTag("hone.slot", slot).End();
    }

    /// <summary>A lease ended without an answer; the job waits again, or went back to its owner.</summary>
    public void Lost(Job job, LeaseLoss why, string reason)
    {
        HoneMeter.LostLeases.Add(1, Label.Job.Of(job.Kind), Label.Loss.Of(why));
        _waits[job.Id] = clock.GetUtcNow();
        if (why is LeaseLoss.Drained or LeaseLoss.Preempted) return;
        _lost[job.Id] = clock.GetUtcNow();
        Lost(log, job.Id, reason);
    }

    /// <summary>Tells of the table once a second, however often it is asked to.</summary>
    /// <param name="waiting">Jobs that wait.</param>
    /// <param name="leased">Jobs that are leased.</param>
    public void Tell(IEnumerable<Job> waiting, IEnumerable<Job> leased)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now - _told < TellEvery) return;
        _told = now;
        List<Job> jobs = [.. waiting];
        Depth(jobs, "waiting");
        Depth(leased, "leased");
        HashSet<string> ids = new(jobs.Select(j => j.Id), StringComparer.Ordinal);
        foreach (Dictionary<string, DateTimeOffset> times in new[] { _waits, _lost })
            foreach (string gone in times.Keys.Where(id => !ids.Contains(id)).ToList()) times.Remove(gone);   // cancelled, or answered late
        HoneMeter.QueueAge.Record(_waits.Count == 0 ? 0 : (now - _waits.Values.Min()).TotalSeconds);
    }

    /// <summary>Another silo has the queue from now on.</summary>
    public void Gone()
    {
        _told = default;
        Tell([], []);
    }

    private static void Depth(IEnumerable<Job> jobs, string state)
    {
        Dictionary<JobKind, int> counts = jobs.CountBy(j => j.Kind).ToDictionary();
        foreach (JobKind kind in Enum.GetValues<JobKind>()) HoneMeter.QueueDepth.Record(counts.GetValueOrDefault(kind), Label.Job.Of(kind), Label.State.Of(state));
    }

    [LoggerMessage(LogLevel.Information, "the lease of {Job} is lost: {Reason}")]
    private static partial void Lost(ILogger log, string job, string reason);
}
