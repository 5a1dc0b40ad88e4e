using Hone.Contracts;
using Hone.Grains.Leasing;
using Hone.Grains.Profiling;
using Hone.Model;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Profiling;

/// <summary>An attached device without a cluster: made-up nodes, a clock that the test moves.</summary>
public class ProfilerTests
{
    private static readonly NodeInfo A = new("a", "cpu/1"), B = new("b", "cpu/1"), Other = new("c", "cpu/2");
    private readonly FakeTimeProvider _clock = new();
    private readonly Profiler _profiler;

    public ProfilerTests() => _profiler = Made(epoch: 1);

    private Profiler Made(int epoch, CalibratedBooks? books = null) => new("cpu", books ?? new CalibratedBooks("cpu", new Dictionary<string, string>(), new Dictionary<string, double>(), "", null, _clock, work => work()), epoch, LeasePolicy.Default, _clock);

    private static Workload Net(params int[] widths) => new(string.Join('-', widths), Mode.Infer, 1, widths.Select((w, i) => (Op)new Op.Gemm($"g{i}", "b", 1, Place.Any,
        Weights.Uniform("w", w, 64, NumberFormat.F32), Extent.Fixed("tokens", 8), NumberFormat.F32, NumberFormat.F32, [])).ToValueList());

    private static Reading Took(double ms, string calibration = "cpu/1") => new(ms, 0.01 * ms, 9, calibration);

    private async Task<MeasureLease> Lease(NodeInfo node) => await _profiler.Lease(node).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("no job");

    private ReportAnswer Answer(MeasureLease lease, Reading reading, string node = "a") => _profiler.Report(new NodeReport(node, lease.Job.Id, lease.Token, reading));

    private Quote Price(Workload net) => Priced(net).Quotes[0];

    // Prices are drawn anew a moment after the figures came.
    private DevicePrices Priced(Workload net)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(310));
        return _profiler.Price([net], null);
    }

    private async Task<MeasureLease?> NoLease(NodeInfo node)
    {
        Task<MeasureLease?> asked = _profiler.Lease(node);
        _clock.Advance(TimeSpan.FromSeconds(1));
        return await asked;
    }

    [Fact]
    public async Task WhatIsNotKnownIsAskedOfANodeOnceAndPricedThen()
    {
        DevicePrices before = _profiler.Price([Net(32, 48, 32)], null);
        Assert.True(Profiler.IsUnmeasured(before.Quotes[0]));
        Assert.Contains("2 measurements wait for a node; `hone device attach", before.Waits);
        for (int i = 0; i < 2; i++) Assert.True(Answer(await Lease(A), Took(0.25)).Counts);
        Assert.Null(await NoLease(A));
        DevicePrices after = Priced(Net(32, 48, 32));
        Assert.Equal((null, 0.75, Origin.Modelled, "cpu"), (after.Waits, after.Quotes[0].Totals[0].Value, after.Quotes[0].Totals[0].Origin, after.Quotes[0].Totals[0].Device));
    }

    [Fact]
    public async Task TwoNodesShareTheQueue()
    {
        Price(Net(32, 48));
        MeasureLease first = await Lease(A), second = await Lease(B);
        Assert.NotEqual(first.Job.Id, second.Job.Id);
        Assert.Equal([("a", "busy", first.Job.Id), ("b", "busy", second.Job.Id)], _profiler.Status().Nodes.Select(n => (n.Node.Name, n.Status, n.Holds!)));
    }

    [Fact]
    public async Task ADeadNodesJobGoesToAnotherAndItsLateAnswerIsDroppedOnceThatOneAnswered()
    {
        Price(Net(32));
        MeasureLease first = await Lease(A);
        _clock.Advance(TimeSpan.FromSeconds(4.5));
        _profiler.Sweep();
        Assert.False(_profiler.Beat(new NodeBeat("a", first.Job.Id, first.Token, 1)));
        MeasureLease second = await Lease(B);
        Assert.Equal(first.Job, second.Job);
        Assert.True(Answer(second, Took(0.5), "b").Counts);
        Assert.False(Answer(first, Took(9)).Counts);
        Assert.Equal(0.5, Price(Net(32)).Totals[0].Value);
    }

    [Fact]
    public async Task ALateAnswerCountsWhileNobodyElseAnswered()
    {
        Price(Net(32));
        MeasureLease lease = await Lease(A);
        _clock.Advance(TimeSpan.FromSeconds(4.5));
        _profiler.Sweep();
        Assert.True(Answer(lease, Took(0.5)).Counts);
        Assert.Null(await NoLease(B));
    }

    [Fact]
    public async Task AnAnswerCountsOnce()
    {
        Price(Net(32));
        MeasureLease lease = await Lease(A);
        Assert.True(Answer(lease, Took(0.5)).Counts);
        Assert.False(Answer(lease, Took(0.1)).Counts);
        Assert.Equal(0.5, Price(Net(32)).Totals[0].Value);
    }

    [Fact]
    public async Task AnAnswerToAnothersLeaseDoesNotCountAndLeavesItAlone()
    {
        Price(Net(32, 48));
        MeasureLease mine = await Lease(A), others = await Lease(B);
        Assert.False(_profiler.Report(new NodeReport("a", others.Job.Id, others.Token, Took(0.1))).Counts);
        Assert.False(_profiler.Report(new NodeReport("a", others.Job.Id, mine.Token, Took(0.1))).Counts);
        Assert.False(_profiler.Report(new NodeReport("a", others.Job.Id, 1L << 40, Took(0.1))).Counts);
        Assert.True(_profiler.Beat(new NodeBeat("b", others.Job.Id, others.Token, 1)));
    }

    [Theory]
    [InlineData(double.NaN, 0.1)]
    [InlineData(double.PositiveInfinity, 0.1)]
    [InlineData(-1, 0.1)]
    [InlineData(0, 0)]
    [InlineData(1e-12, 0)]
    [InlineData(1, double.NaN)]
    [InlineData(1, -1)]
    public async Task AReadingThatCannotBeTrueIsAskedForAgainAndAfterFiveTimesGivenUp(double ms, double spread)
    {
        Price(Net(32));
        for (int i = 0; i < 5; i++)
        {
            ReportAnswer answer = Answer(await Lease(A), new Reading(ms, spread, 9, "cpu/1"));
            Assert.StartsWith("quarantined: ", answer.Why);
        }
        Assert.Null(await NoLease(A));
        Assert.Contains("lost 5 times, at last because: quarantined", _profiler.Price([Net(32)], null).Stuck);
        Assert.Null(_profiler.Price([Net(32)], null).Stuck);   // asked again, it is tried again
        Assert.True(Answer(await Lease(A), Took(0.5)).Counts);
    }

    [Fact]
    public async Task TheSecondOpinionIsAnotherNodesWhereOneIsHereAndForAWhile()
    {
        await NoLease(B);
        Price(Net(32));
        MeasureLease first = await Lease(A);
        Assert.StartsWith("quarantined: ", Answer(first, Took(double.NaN)).Why);
        Assert.Null(await NoLease(A));
        MeasureLease second = await Lease(B);
        Assert.Equal(first.Job, second.Job);
        Assert.False(Answer(second, Took(double.NaN), "b").Counts);
        Assert.Equal(first.Job, (await Lease(A)).Job);   // none is left that was not doubted
    }

    [Fact]
    public async Task WhereTheOtherNodeDoesNotAskForItTheSameOneAnswersAtLast()
    {
        await NoLease(B);
        Price(Net(32));
        MeasureLease first = await Lease(A);
        Answer(first, Took(double.NaN));
        for (int seconds = 1; seconds < SecondOpinions.Patience.TotalSeconds; seconds++)
        {
            Assert.Null(await NoLease(A));
            _profiler.Beat(new NodeBeat("b", "", 0, seconds));   // it is here, with something else in hand
        }
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(first.Job, (await Lease(A)).Job);
    }

    [Fact]
    public async Task OneNodeAloneGivesTheSecondOpinionItself()
    {
        int[] known = [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64];
        Price(Net(known));
        foreach (int width in known) Answer(await Lease(A), Took(0.01 * width));
        Price(Net(30));
        Assert.Contains("held back until a second reading agrees", Answer(await Lease(A), Took(30)).Why);
        Assert.True(Answer(await Lease(A), Took(30)).Counts);
    }

    [Fact]
    public async Task WhatNoNodeCanRunIsACandidatesRejection()
    {
        Price(Net(32));
        MeasureLease lease = await Lease(A);
        Assert.True(_profiler.Report(new NodeReport("a", lease.Job.Id, lease.Token, Failure: new NodeFailure(NodeFailure.Uncovered, "no kernel for it"))).Counts);
        Quote quote = Price(Net(32));
        Assert.Equal("coverage", quote.Why[0].Constraint);
        Assert.Contains("no kernel for it", quote.Why[0].Reason);
    }

    [Fact]
    public async Task AnotherFailureGivesTheJobBack()
    {
        Price(Net(32));
        MeasureLease lease = await Lease(A);
        Assert.False(_profiler.Report(new NodeReport("a", lease.Job.Id, lease.Token, Failure: new NodeFailure("hot", "90 degrees"))).Counts);
        Assert.Equal(lease.Job, (await Lease(B)).Job);
    }

    [Fact]
    public async Task ANodeThatStopsCostsTheJobNothing()
    {
        Price(Net(32));
        for (int i = 0; i < 7; i++)
        {
            MeasureLease lease = await Lease(A);
            _profiler.Report(new NodeReport("a", lease.Job.Id, lease.Token, Released: NodeReport.Stopping));
        }
        Assert.Null(_profiler.Price([Net(32)], null).Stuck);
    }

    [Fact]
    public async Task AReportIsOneThing()
    {
        Price(Net(32));
        MeasureLease lease = await Lease(A);
        Assert.False(_profiler.Report(new NodeReport("a", lease.Job.Id, lease.Token)).Counts);
        Assert.False(_profiler.Report(new NodeReport("a", lease.Job.Id, lease.Token, Took(1), new NodeFailure("x", "y"))).Counts);
    }

    [Fact]
    public async Task NodesWhoseFiguresCannotStandTogetherAreNotMixedAndNoneIsLost()
    {
        Price(Net(32));
        Answer(await Lease(A), Took(0.5));
        Assert.Contains("attach it under another name", (await Assert.ThrowsAsync<HoneException>(() => _profiler.Lease(Other))).Message);
        _clock.Advance(TimeSpan.FromMinutes(1));   // the first has gone
        Assert.Null(await NoLease(Other));
        Assert.True(Profiler.IsUnmeasured(Price(Net(32))));
        Answer(await Lease(Other), Took(2, "cpu/2"), "c");
        Assert.Equal(2, Price(Net(32)).Totals[0].Value);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await NoLease(A);
        Assert.Equal(0.5, Price(Net(32)).Totals[0].Value);
    }

    [Fact]
    public async Task ANetworkIsMeasuredBeforeOperationsAndRemembered()
    {
        Price(Net(32, 48));
        Assert.NotNull(_profiler.Measure(Net(16, 24)).Waits);
        MeasureLease lease = await Lease(A);
        Assert.Equal(2, lease.Job.Workload.Ops.Count);
        Answer(lease, Took(3));
        Measurement measured = _profiler.Measure(Net(16, 24) with { Key = "another study's name for it" }).Measured!;
        Assert.Equal((3, 0.03, Origin.Measured, "cpu"), (measured.Value, measured.Spread, measured.Origin, measured.Device));
    }

    [Fact]
    public async Task TheTableOutlivesItsGrainAndALeaseOfBeforeStillCounts()
    {
        Price(Net(32, 48));
        MeasureLease done = await Lease(A), open = await Lease(A);
        Answer(done, Took(0.5));
        Profiler next = Made(epoch: 2, new CalibratedBooks("cpu", _profiler.Books.Texts(), _profiler.Books.Sentinels(), _profiler.Books.Calibration, null, _clock, work => work()));
        Assert.True(Profiler.IsUnmeasured(next.Price([Net(32, 48)], null).Quotes[0]));
        Assert.True(next.Report(new NodeReport("a", open.Job.Id, open.Token, Took(0.25))).Counts);
        _clock.Advance(TimeSpan.FromMilliseconds(310));
        Assert.Equal(0.75, next.Price([Net(32, 48)], null).Quotes[0].Totals[0].Value);
    }

    [Fact]
    public async Task FiguresAgainstASlowSentinelAreScaledWhenABetterOneIsSeen()
    {
        Price(Net(32, 48));
        Answer(await Lease(A with { SentinelMs = 0.2 }), Took(1) with { SentinelMs = 0.2 });
        MeasureLease lease = await Lease(A with { SentinelMs = 0.1 });
        Assert.Equal(0.1, lease.SentinelMs);
        Answer(lease, Took(1) with { SentinelMs = 0.1 });
        Assert.Equal(1.5, Price(Net(32, 48)).Totals[0].Value);   // the first is worth half
    }

    [Fact]
    public async Task WhatIsPredictedOfAFrontIsMeasuredBeforeWhatIsPredictedOfOthers()
    {
        int[] known = [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64];
        Price(Net(known));
        foreach (int width in known) Answer(await Lease(A), Took(0.01 * width));
        Assert.False(Profiler.IsUnmeasured(Price(Net(30))));   // predicted, and queued
        Price(Net(34));
        Price(Net(38));
        _profiler.Prefer([Net(38)]);
        Assert.Contains("38x64", (await Lease(A)).Job.Id);
        Assert.Contains("30x64", (await Lease(A)).Job.Id);
    }
}
