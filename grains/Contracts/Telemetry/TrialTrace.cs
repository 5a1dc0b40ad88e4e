namespace Hone.Contracts.Telemetry;

/// <summary>The trace of a trial that was committed a moment ago; it goes to those who watch and is kept nowhere.</summary>
/// <param name="Ordinal">The trial's.</param>
/// <param name="Trace">W3C traceparent of its span.</param>
/// <param name="Committed">When its page was written.</param>
[GenerateSerializer, Immutable]
[Alias("hone.trial-trace")]
public sealed record TrialTrace([property: Id(0)] int Ordinal, [property: Id(1)] string Trace, [property: Id(2)] DateTimeOffset Committed);
