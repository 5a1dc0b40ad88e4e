using System.Diagnostics;

namespace Hone.Contracts.Telemetry;

/// <summary>
/// Begins and ends Hone's spans. A span of a study outlives the turn of the grain that begins it, so none of these changes what is current where it is called;
/// <see cref="Enter"/> does that for a while. Without a listener every span is null and costs nothing. Traces tell of results and never reach them.
/// </summary>
public static class HoneTrace
{
    /// <summary>The name of the source.</summary>
    public const string Name = "Hone";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Begins a trace.</summary>
    /// <param name="span">One without a parent.</param>
    /// <param name="link">What led to it; null: nothing that is traced.</param>
    public static Activity? Begin(Span span, ActivityContext? link = null)
    {
        using var _ = Enter(null);
        return Source.StartActivity(span.Kind, default, links: link is { } context ? [new ActivityLink(context)] : null, name: span.Name);
    }

    /// <summary>Begins a span within a trace.</summary>
    /// <param name="span">One with a parent.</param>
    /// <param name="trace">The parent's W3C traceparent; null or unreadable: not traced.</param>
    /// <param name="since">When it began; null: now.</param>
    public static Activity? Begin(Span span, string? trace, DateTimeOffset? since = null)
    {
        if (trace is null || !ActivityContext.TryParse(trace, null, isRemote: true, out ActivityContext parent)) return null;
        using var _ = Enter(null);
        return Source.StartActivity(span.Kind, parent, startTime: since ?? default, name: span.Name);
    }

    /// <summary>Ends a span, whatever is current.</summary>
    /// <param name="activity">Null: nothing.</param>
    /// <param name="at">When it ended; null: now.</param>
    /// <param name="error">Why it came to nothing; null: it did not.</param>
    public static void End(this Activity? activity, DateTimeOffset? at = null, string? error = null)
    {
        if (activity is null) return;
        using var _ = Enter(Activity.Current);
        if (error is not null) activity.SetStatus(ActivityStatusCode.Error, error);
        if (at is { } end) activity.SetEndTime(end.UtcDateTime);
        activity.Stop();
    }

    /// <summary>The W3C traceparent that others put their spans under; null when not traced.</summary>
    public static string? Id(this Activity? activity) => activity is { Recorded: true } ? activity.Id : null;

    /// <summary>Makes a span current until it is disposed of, then what was current before.</summary>
    public static Entered Enter(Activity? activity)
    {
        var entered = new Entered(Activity.Current);
        Activity.Current = activity;
        return entered;
    }

    /// <summary>Puts back what was current, unless it has ended meanwhile.</summary>
    public readonly struct Entered(Activity? before) : IDisposable
    {
        public void Dispose() => Activity.Current = before is { IsStopped: false } ? before : null;
    }
}
