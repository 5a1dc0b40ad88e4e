using System.Diagnostics;
using Hone.Contracts.Telemetry;
using Hone.Model;
using Span = Hone.Contracts.Telemetry.Span;

namespace Hone.Grains.Telemetry;

/// <summary>A measurement in the trace of who asked for it, with what its node says that it spent the time on.</summary>
internal static class MeasureSpans
{
    private const double LongestMs = 3_600_000;   // no lease lasts an hour

    /// <summary>What a node says that it spent; what cannot be true counts as nothing.</summary>
    public static TimeSpan Length(NodePhases phases) => Parts(phases).Aggregate(TimeSpan.Zero, (all, part) => all + part.Time);

    /// <param name="trace">The job's W3C traceparent; null: not traced.</param>
    /// <param name="since">When it was leased.</param>
    /// <param name="until">When it was reported.</param>
    /// <param name="phases">They follow each other from the lease on, and end with the report at the latest.</param>
    public static void Record(string job, string node, string? trace, DateTimeOffset since, DateTimeOffset until, NodePhases? phases, string? error)
    {
        Activity? measure = HoneTrace.Begin(Span.Measure, trace, since)?.SetTag("hone.job", job).SetTag("hone.node", node);
        if (measure.Id() is { } parent && phases is not null)
        {
            DateTimeOffset at = since;
            foreach ((Span span, TimeSpan time) in Parts(phases))
            {
                DateTimeOffset end = at + time < until ? at + time : until;
                if (time > TimeSpan.Zero) HoneTrace.Begin(span, parent, at).End(end);
                at = end;
            }
        }
        measure.End(until, error);
    }

    private static IEnumerable<(Span Span, TimeSpan Time)> Parts(NodePhases phases)
    {
        yield return (Span.Turn, Time(phases.WaitingMs));
        yield return (Span.WarmUp, Time(phases.WarmUpMs));
        yield return (Span.Runs, Time(phases.MeasuringMs));
    }

    private static TimeSpan Time(double ms) => ms is > 0 and < LongestMs ? TimeSpan.FromMilliseconds(ms) : TimeSpan.Zero;
}
