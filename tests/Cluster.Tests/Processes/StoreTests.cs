using Hone.Cluster.Tests.Running;
using Hone.Contracts;

namespace Hone.Cluster.Tests.Processes;

/// <summary>A store that dies, hangs or is full: work waits, nothing is lost, nothing is counted twice.</summary>
[Collection(ProcessTests.Name)]
public sealed class StoreTests(ProcessCluster cluster)
{
    private async Task<List<string>> Begin(string name, int trials, int sleep)
    {
        await cluster.Complete();
        var (spec, journal) = DeathTests.Slow(name, trials, sleep);
        await cluster.Comes(g => g.GetGrain<IStudyGrain>(name).Submit(spec), s => s.Error is null);
        await cluster.Committed(name, 2);
        return journal;
    }

    [Fact]
    public async Task AKilledStoreThatIsStartedAgainOnItsFileGivesTheSameJournal()
    {
        List<string> expected = await Begin("store-killed", trials: 40, sleep: 60);
        await cluster.Redis.Kill();
        await Task.Delay(TimeSpan.FromSeconds(2));   // how long it is gone is the test's matter
        await cluster.Redis.Restart();
        Assert.Equal(expected, await cluster.Journal("store-killed"));
    }

    [Fact]
    public async Task AStoreThatHangsLongerThanItsCallersWaitGivesTheSameJournal()
    {
        List<string> expected = await Begin("store-hung", trials: 40, sleep: 60);
        cluster.Redis.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(7));   // of 5 that a call waits: writes are done whose answer nobody heard
        cluster.Redis.Thaw();
        Assert.Equal(expected, await cluster.Journal("store-hung"));
    }

    [Fact]
    public async Task AFullStoreIsSaidAndWhenThereIsRoomTheStudyGoesOnByItself()
    {
        List<string> expected = await Begin("store-full", trials: 40, sleep: 60);
        Assert.Equal("OK", (await cluster.Redis.Ask("config", "set", "maxmemory", "1")).Output);
        try
        {
            StudyStatus waits = await cluster.Comes(g => g.GetGrain<IStudyGrain>("store-full").Status(), s => s.Reason is not null);
            Assert.Contains(waits.Phase, new[] { StudyPhase.Search, StudyPhase.Finish });   // it runs: nobody must resume it
            Assert.Contains("OOM command not allowed", waits.Reason);
        }
        finally
        {
            await cluster.Redis.Ask("config", "set", "maxmemory", "0");
        }
        Assert.Equal(expected, await cluster.Journal("store-full"));
        Assert.Null((await cluster.Grains.GetGrain<IStudyGrain>("store-full").Status()).Reason);
    }
}
