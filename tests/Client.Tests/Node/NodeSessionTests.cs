using Hone.Model;
using Hone.Node;

namespace Hone.Client.Tests.Node;

/// <summary>A node's life against a played server, with a meter that does what the test says.</summary>
public sealed class NodeSessionTests : IDisposable
{
    private readonly MadeServer _server = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly StringWriter _says = new();

    public void Dispose()
    {
        _stop.Dispose();
        _server.Dispose();
    }

    private const double WarmUp = 12;

    private sealed class Meter(Func<Workload, CancellationToken, Reading> measure) : IMeter
    {
        public NodeInfo Describe() => new("made/1", "made", "a made-up processor", "none", 2, 1);

        public Metered Measure(Workload workload, double? sentinel, Action<int> step, CancellationToken cancel) => new(measure(workload, cancel), WarmUp);

        public void Dispose()
        {
        }
    }

    private static Reading Took(double ms) => new(ms, 0, 15, "made");

    private Task<int> Run(Func<Workload, CancellationToken, Reading> measure) => NodeSession.RunAsync(_server.Options, new Meter(measure), _says, _stop.Token);

    private async Task End(Task<int> session)
    {
        await _stop.CancelAsync();
        Assert.Equal(0, await session);
    }

    [Fact]
    public async Task ItMeasuresWhatItLeasesAndReportsItUnderItsLease()
    {
        _server.Hand("one");
        _server.Hand("two");
        Task<int> session = Run((w, _) => Took(w.Key.Length));
        NodeReport first = _server.Next(), second = _server.Next();
        Assert.Equal(("made/1", "one", 7, 3), (first.Node, first.Job, first.Token, first.Reading!.Milliseconds));
        Assert.Equal("two", second.Job);
        await End(session);
        Assert.Contains("dev: made/1 attached to http://127.0.0.1", _says.ToString());
        Assert.Contains("measured 2", _says.ToString());
    }

    [Fact]
    public async Task ItHandsTheTraceBackAndTellsWhatItSpentTheTimeOn()
    {
        const int runs = 40;
        _server.Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        _server.Hand("one");
        Task<int> session = Run((_, cancel) =>
        {
            cancel.WaitHandle.WaitOne((int)WarmUp + runs);
            return Took(1);
        });
        NodeReport report = _server.Next();
        Assert.Equal(_server.Trace, report.Trace);
        Assert.True(report.Phases!.WaitingMs >= 0);
        Assert.Equal(WarmUp, report.Phases.WarmUpMs);
        Assert.InRange(report.Phases.MeasuringMs, runs - 5, 20_000);
        await End(session);
    }

    [Fact]
    public async Task AJobWithoutATraceHasNoneInItsReport()
    {
        _server.Hand("one");
        Task<int> session = Run((_, _) => Took(1));
        Assert.Null(_server.Next().Trace);
        await End(session);
    }

    [Fact]
    public async Task AServerThatIsAwayIsAskedOnAndToldOnce()
    {
        _server.Away = ("lease", 3);
        _server.Hand("one");
        Task<int> session = Run((_, _) => Took(1));
        Assert.Equal("one", _server.Next().Job);
        await End(session);
        Assert.Equal(2, _says.ToString().Split("does not answer (starting)").Length);
        Assert.Contains("answers again", _says.ToString());
    }

    [Fact]
    public async Task AReportIsKeptUntilTheServerHasIt()
    {
        _server.Away = ("report", 2);
        _server.Hand("one");
        Task<int> session = Run((_, _) => Took(1));
        Assert.Equal("one", _server.Next().Job);
        await End(session);
    }

    [Fact]
    public async Task AJobThatIsAnothersNowIsDroppedWithoutAWord()
    {
        _server.GoOn = false;
        _server.Hand("long");
        _server.Hand("next");
        Task<int> session = Run((w, cancel) =>
        {
            if (w.Key == "long") cancel.WaitHandle.WaitOne();
            cancel.ThrowIfCancellationRequested();
            return Took(1);
        });
        Assert.Equal("next", _server.Next().Job);
        await End(session);
    }

    [Fact]
    public async Task WhatNoKernelCoversIsReportedWithItsName()
    {
        _server.Hand("circuit");
        Task<int> session = Run((_, _) => throw new HoneException("q: a simulated device runs it"));
        NodeReport report = _server.Next();
        Assert.Equal((NodeFailure.Uncovered, "q: a simulated device runs it", null), (report.Failure!.Code, report.Failure.Message, report.Reading));
        await End(session);
    }

    [Fact]
    public async Task WhatBreaksOffIsGivenBackWithTheReason()
    {
        _server.Hand("one");
        Task<int> session = Run((_, _) => throw new OutOfMemoryException("too large"));
        Assert.Contains("OutOfMemoryException: too large", _server.Next().Released);
        await End(session);
    }

    [Fact]
    public async Task ANodeThatStopsGivesBackWhatItHolds()
    {
        _server.Hand("long");
        using var begun = new SemaphoreSlim(0);
        Task<int> session = Run((_, cancel) =>
        {
            begun.Release();
            cancel.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancel);
        });
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        await End(session);
        Assert.Equal(("long", NodeReport.Stopping), (_server.Next().Job, NodeReport.Stopping));
    }

    [Fact]
    public async Task ARefusalEndsItWithTheServersOwnLine()
    {
        _server.Refuses = 403;
        Assert.Equal("expected another token", (await Assert.ThrowsAsync<HoneException>(() => Run((_, _) => Took(1)))).Message);
    }
}
