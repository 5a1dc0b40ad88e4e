using System.Collections.Concurrent;
using System.Diagnostics;
using Hone.Contracts.Telemetry;
using Hone.Grains.Telemetry;
using Hone.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Span = Hone.Contracts.Telemetry.Span;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>What a node says of its time stands in the trace of who asked for the measurement.</summary>
public sealed class MeasureSpanTests : IDisposable
{
    private readonly string _parent = ActivitySpanId.CreateRandom().ToHexString(), _traceId = ActivityTraceId.CreateRandom().ToHexString();
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public MeasureSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == HoneTrace.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> o) => o.TraceId.ToHexString() == _traceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = a => { if (a.TraceId.ToHexString() == _traceId) _ended.Enqueue(a); },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private string Trace => $"00-{_traceId}-{_parent}-01";

    public void Dispose() => _listener.Dispose();

    private Activity[] Reported(bool leased, NodePhases? phases, string? trace, ReportAnswer? answer = null)
    {
        var telemetry = new DeviceTelemetry(_clock, NullLogger.Instance);
        var job = new MeasureJob("gemm", new Workload("w", Mode.Infer, 1, []), Trace: leased ? Trace : null);
        if (leased) telemetry.Leased(job, "pi/1");
        _clock.Advance(TimeSpan.FromMilliseconds(900));
        telemetry.Reported("pi", new NodeReport("pi/1", "gemm", 1, new Reading(1, 0, 9, "c"), Trace: trace, Phases: phases), answer ?? new ReportAnswer(true));
        return [.. _ended.OrderBy(a => a.StartTimeUtc).ThenByDescending(a => a.Duration)];
    }

    private static (string, double, double) Row(Activity a, DateTime since) => (a.OperationName, (a.StartTimeUtc - since).TotalMilliseconds, a.Duration.TotalMilliseconds);

    [Fact]
    public void ThePhasesLieInTheSpanOfTheMeasurementOneAfterTheOther()
    {
        Activity[] spans = Reported(leased: true, new NodePhases(100, 50, 500), Trace);
        DateTime since = spans[0].StartTimeUtc;
        Assert.Equal([("measure", 0, 900), ("turn", 0, 100), ("warm-up", 100, 50), ("runs", 150, 500)], spans.Select(s => Row(s, since)));
        Assert.Equal(_parent, spans[0].ParentSpanId.ToHexString());
        Assert.Equal("pi/1", spans[0].GetTagItem("hone.node"));
        Assert.All(spans.Skip(1), s => Assert.Equal(spans[0].SpanId, s.ParentSpanId));
    }

    [Theory]
    [InlineData(1e300, double.NaN, -5)]
    [InlineData(0, 0, 0)]
    public void PhasesThatCannotBeTrueAreLeftOut(double waiting, double warmUp, double measuring) => Assert.Equal(["measure"], Reported(leased: true, new NodePhases(waiting, warmUp, measuring), Trace).Select(s => s.OperationName));

    [Fact]
    public void APhaseEndsWithTheReportAtTheLatest() => Assert.All(Reported(leased: true, new NodePhases(0, 600, 600), Trace), s => Assert.True(s.StartTimeUtc + s.Duration <= _clock.GetUtcNow().UtcDateTime));

    [Fact]
    public void ANodeThatTellsNothingHasTheSpanAlone() => Assert.Equal([Span.Measure.Name], Reported(leased: true, null, null).Select(s => s.OperationName));

    [Fact]
    public void AMeasurementThatAnEarlierActivationLeasedIsTracedByWhatTheNodeHandsBackWhereItCounts()
    {
        Assert.Empty(Reported(leased: false, new NodePhases(0, 50, 500), Trace, new ReportAnswer(false, "it was answered before")));
        Activity[] spans = Reported(leased: false, new NodePhases(0, 50, 500), Trace);
        Assert.Equal([("measure", 0, 550), ("warm-up", 0, 50), ("runs", 50, 500)], spans.Select(s => Row(s, spans[0].StartTimeUtc)));
    }

    [Fact]
    public void WhyAMeasurementDoesNotCountStandsAtItsSpan()
    {
        Activity measure = Reported(leased: true, new NodePhases(0, 50, 500), Trace, new ReportAnswer(false, "quarantined: no"))[0];
        Assert.Equal((ActivityStatusCode.Error, "quarantined: no"), (measure.Status, measure.StatusDescription));
    }
}
