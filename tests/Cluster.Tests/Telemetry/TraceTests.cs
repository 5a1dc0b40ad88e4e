using System.Text.Json.Nodes;
using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Model;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>What a real receiver gets from real processes.</summary>
[Collection<TracedClusterCollection>]
public class TraceTests(TracedCluster cluster, ITestOutputHelper output)
{
    private const string Client = "hone", Control = "hone-silo control", Worker = "hone-silo worker";

    private static bool Has(IEnumerable<OtlpSpan> spans, Span kind, string process) => spans.Any(s => s.Name == kind.Name && s.Process == process);

    /// <summary>The traces of evaluated trials that are complete, as soon as one of them has the calls that priced its batch: those lie with the first of a batch.</summary>
    private async Task<List<IGrouping<string, OtlpSpan>>> Complete()
    {
        List<IGrouping<string, OtlpSpan>> Now() => [.. cluster.Receiver.Spans.GroupBy(s => s.Trace)
            .Where(t => Has(t, Span.Trial, Control) && Has(t, Span.Evaluate, Worker) && Has(t, Span.Commit, Control) && Has(t, Span.Receive, Client))];
        await cluster.Receiver.Until(_ => Now().Exists(Priced), "the trace of an evaluated trial");
        return Now();
    }

    private static bool Priced(IEnumerable<OtlpSpan> trace) => trace.Any(s => s.Name.StartsWith("IModelledDeviceGrain", StringComparison.Ordinal));

    [Fact]
    public async Task ATrialIsOneTraceFromAskToCommitThatSpansClientControlAndWorker()
    {
        List<IGrouping<string, OtlpSpan>> traces = await Complete();
        SpanTree tree = SpanTree.Of([.. traces.First(Priced)]);
        output.WriteLine(tree.Text());
        Assert.Equal(Span.Trial.Name, tree.Span.Name);
        Assert.Equal([Client, Control, Worker], tree.All.Select(t => t.Span.Process).Distinct().Order());
        Assert.Equal("evaluated", tree.Span.Attributes["hone.outcome"]);
        Assert.Equal(TracedCluster.Study, tree.Span.Attributes["hone.study"]);

        // Every kind of span once, where it belongs, in the order of a trial's life.
        Span[] parts = [.. Span.All.Where(s => s.Parent == Span.Trial && s != Span.Measure)];   // nodes measure for attached devices, and this study has none
        Assert.Equal(parts.Select(p => p.Name), tree.Children.Select(c => c.Span.Name));
        IReadOnlyList<SpanTree> found = tree.Children;
        Assert.Equal([Control, Control, Worker, Control, Client], found.Select(f => f.Span.Process));
        Assert.All(found.Where(f => f.Span.Process == Control), f => Assert.InRange(f.Span.End, f.Span.Begin, tree.Span.End));

        // The calls between grains lie where they were made: a price is asked of the device's grain, an answer goes to the queue and on to the study.
        string Calls(Span part) => string.Join("\n", found.Single(f => f.Span.Name == part.Name).All.Select(t => t.Span.Name));
        Assert.Contains("IModelledDeviceGrain", Calls(Span.Price));
        Assert.Contains("IJobQueueGrain", Calls(Span.Evaluate));
        Assert.Contains("IStudyGrain", Calls(Span.Evaluate));
    }

    [Fact]
    public async Task EveryTrialHasATraceOfItsOwnThatLinksToItsSubmission()
    {
        List<IGrouping<string, OtlpSpan>> traces = await Complete();
        await cluster.Receiver.Until(r => r.Spans.Any(s => s.Name == Span.Submit.Name), "the submission");
        OtlpSpan submit = Assert.Single(cluster.Receiver.Spans, s => s.Name == Span.Submit.Name);
        Assert.Equal((Client, ""), (submit.Process, submit.Parent));
        Assert.All(cluster.Receiver.Spans.Where(s => s.Trace == submit.Trace), s => Assert.InRange(s.Begin, submit.Begin, submit.End));   // what it began lives on without it
        OtlpSpan[] trials = [.. traces.Select(t => Assert.Single(t, s => s.Name == Span.Trial.Name))];
        Assert.Equal(trials.Length, trials.Select(t => t.Attributes["hone.ordinal"]).Distinct().Count());
        Assert.All(trials, t => Assert.Equal([submit.Trace], t.Links));
    }

    [Fact]
    public async Task AStudyThatIsNotTracedHasTheSameTrials()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        Assert.Null((await silo.Grains.GetGrain<IStudyGrain>(TracedCluster.Study).Submit(StudyJson.Canonical(JsonNode.Parse(TracedCluster.Spec)!))).Error);
        Assert.Equal((await silo.Follow(TracedCluster.Study)).Lines, cluster.Trials);
    }

    [Fact]
    public async Task ACallBeginsNoTrace()
    {
        await Complete();
        Assert.All(cluster.Receiver.Spans.Where(s => s.Parent == ""), s => Assert.True(Span.MayBegin(s.Name), $"{s.Process}/{s.Name}"));
    }

    [Fact]
    public async Task LogsComeWithTheirAttributesAndMetersFromEverySilo()
    {
        await cluster.Receiver.Until(r => r.Logs.Any(l => l.Body.Contains("seat", StringComparison.Ordinal)), "the log of a seat");
        OtlpLog seated = cluster.Receiver.Logs.First(l => l.Body.Contains("seat", StringComparison.Ordinal));
        Assert.Equal((Control, "Hone.Grains.StudyGrain", TracedCluster.Study), (seated.Process, seated.Category, seated.Attributes["Study"]));
        await cluster.Receiver.Until(r => r.Meters.Contains((Control, "hone.trials")) && r.Meters.Contains((Worker, "hone.job.duration")), "meters of both silos");
    }
}
