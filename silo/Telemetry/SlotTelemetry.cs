using System.Diagnostics;
using System.Globalization;
using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Grains.Telemetry;
using Span = Hone.Contracts.Telemetry.Span;

namespace Hone.Silo.Telemetry;

/// <summary>What a slot tells of its work: a job is begun, then ended in one of four ways (<see cref="Label.End"/>).</summary>
/// <param name="name">The slot's name, which ends with its number.</param>
internal sealed class SlotTelemetry(string name, TimeProvider clock, ILogger log) : IDisposable
{
    private readonly SlotClock _clock = new(int.TryParse(name[(name.LastIndexOf('/') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1, clock);
    private (Job Job, Activity? Span, IDisposable? Scope)? _at;

    /// <summary>Work begins; what it calls and logs until <see cref="End"/> lies in its span and scope.</summary>
    public void Begin(Job job)
    {
        _clock.Begin();
        Activity? span = HoneTrace.Begin(Span.Evaluate, job.Trace)?.SetTag("hone.job", job.Id).SetTag("hone.slot", name);
        Activity.Current = span;
        _at = (job, span, log.BeginScope(new KeyValuePair<string, object>[] { new("hone.job", job.Id), new("hone.slot", name) }));
    }

    /// <summary>It is over: completed, failed, lost or cancelled. Only the first end of a job counts.</summary>
    public void End(string end)
    {
        if (_at is not var (job, span, scope)) return;
        _at = null;
        scope?.Dispose();
        HoneMeter.Jobs.Record(_clock.End(), Label.Job.Of(job.Kind), Label.End.Of(end));
        span.End(error: end == "completed" ? null : end);
        Activity.Current = null;
    }

    public void Dispose() => _clock.Dispose();
}
