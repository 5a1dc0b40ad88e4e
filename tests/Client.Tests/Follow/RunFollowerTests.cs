using Hone.Client.Follow;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Follow;

public sealed class RunFollowerTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private async Task<(RunState End, Recorder View)> Follow(FakeCluster cluster)
    {
        using var folder = new ResultFolder(_scratch["out"], TimeProvider.System);
        var view = new Recorder();
        return (await new RunFollower(cluster, folder, view, TimeProvider.System).FollowAsync("quasar-vit", "{}", CancellationToken.None), view);
    }

    private static string Expected(int trials) => string.Concat(Enumerable.Range(0, trials).Select(i => Samples.Line(i).Line + "\n"));

    [Fact]
    public async Task EveryTrialIsWrittenOnceInOrder()
    {
        var (end, view) = await Follow(new FakeCluster(57));
        Assert.Equal(StudyPhase.Done, end.Status.Phase);
        Assert.Equal(Expected(57), File.ReadAllText(_scratch["out/trials.jsonl"]));
        Assert.Equal(end.Evaluated.Count, view.States[^1].Status.Counts.Evaluated);
    }

    [Fact]
    public async Task ALostConnectionIsTakenUpAgainFromTheLastOrdinal()
    {
        var cluster = new FakeCluster(57);
        foreach (int at in new[] { 25, 40 }) cluster.Breaks.Enqueue(at);
        await Follow(cluster);
        Assert.Equal([0, 20, 30], cluster.Watched);
        Assert.Equal(3, cluster.Opened);
        Assert.Equal(Expected(57), File.ReadAllText(_scratch["out/trials.jsonl"]));
    }

    [Fact]
    public async Task TrialsBeginAnewAndTheLogGoesOnWhenTheStudyIsRunAgain()
    {
        await Follow(new FakeCluster(20));
        string log = File.ReadAllText(_scratch["out/log.jsonl"]);
        await Follow(new FakeCluster(30));
        Assert.Equal(Expected(30), File.ReadAllText(_scratch["out/trials.jsonl"]));
        Assert.StartsWith(log, File.ReadAllText(_scratch["out/log.jsonl"]));
    }

    [Fact]
    public async Task EachPhaseIsLoggedWhenItBegins()
    {
        await Follow(new FakeCluster(30));
        string[] phases = [.. File.ReadAllLines(_scratch["out/log.jsonl"]).Select(l => System.Text.Json.Nodes.JsonNode.Parse(l)!["phase"]?.ToString() ?? "").Where(p => p.Length > 0)];
        Assert.Equal(["prepare", "search", "done"], phases);
        Assert.Contains("\"phase\":\"prepare\"", File.ReadAllLines(_scratch["out/log.jsonl"])[0]);
    }

    [Fact]
    public async Task ARefusedStudyIsAWrongRequestAndLeavesEarlierTrialsAlone()
    {
        await Follow(new FakeCluster(20));
        var refusing = new FakeCluster(20) { Refusal = Samples.Status(StudyPhase.Unknown, 0) with { Error = "method: unknown 'x'", ExitCode = 2 } };
        Assert.Equal("method: unknown 'x'", (await Assert.ThrowsAsync<SpecException>(() => Follow(refusing))).Message);
        Assert.Equal(Expected(20), File.ReadAllText(_scratch["out/trials.jsonl"]));
    }

    [Fact]
    public async Task AStudyIsSubmittedOnceSoThatAPauseAfterALossHolds()
    {
        var cluster = new FakeCluster(57);
        cluster.Breaks.Enqueue(25);
        await Follow(cluster);
        Assert.Equal((2, 1), (cluster.Opened, cluster.Submitted));
    }

    [Fact]
    public async Task RunningAPausedStudySaysThatItGoesOn()
    {
        var (_, view) = await Follow(new FakeCluster(20) { Before = Samples.Status(StudyPhase.Paused, 5) with { Reason = "paused by request" } });
        Assert.Equal(["quasar-vit was paused (paused by request); it goes on"], view.Notes);
    }

    [Theory]
    [InlineData(35)]
    [InlineData(40)]
    [InlineData(0)]
    public async Task SoManyTrialsAreEnoughThoughTheStudySearchesOn(int until)
    {
        using var folder = new ResultFolder(_scratch["out"], TimeProvider.System);
        await new RunFollower(new FakeCluster(57), folder, new Recorder(), TimeProvider.System).FollowAsync("quasar-vit", null, CancellationToken.None, until);
        Assert.Equal(Expected(until), File.ReadAllText(_scratch["out/trials.jsonl"]));
    }

    [Fact]
    public async Task APausedStudyEndsTheFollowing()
        => Assert.Equal(StudyPhase.Paused, (await Follow(new FakeCluster(20) { End = StudyPhase.Paused })).End.Status.Phase);

    [Fact]
    public async Task TheFrontHoldsExactlyTheTrialsThatNoOtherBeats()
    {
        var (end, _) = await Follow(new FakeCluster(320));
        Assert.Equal(Samples.Front().Members.Select(m => m.Ordinal).Order(), end.Front.Select(t => t.Ordinal).Order());
    }

    [Fact]
    public async Task EveryNewTrialCountsAsProgress()
    {
        var cluster = new FakeCluster(50);
        await Follow(cluster);
        Assert.True(cluster.Progresses >= 5);
    }
}
