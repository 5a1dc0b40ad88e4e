using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hone.Cluster.Tests.Processes;

/// <summary>The rehearsal of a restore, as grains/README.md describes it: the store is gone, there is a copy of it.</summary>
[Collection(ProcessTests.Name)]
public sealed class RestoreTests(ProcessCluster cluster)
{
    [Fact]
    public async Task AStudyGoesOnFromACopyOfTheStoreAndTheJournalIsTheSame()
    {
        await cluster.Complete();
        var (spec, expected) = DeathTests.Slow("backed-up", trials: 40, sleep: 60);
        await cluster.Comes(g => g.GetGrain<IStudyGrain>("backed-up").Submit(spec), s => s.Error is null);
        await cluster.Committed("backed-up", 4);
        using var scratch = new Scratch();
        string folder = Directory.CreateDirectory(Path.Combine(scratch.Folder, "redis")).FullName, blobs = Path.Combine(scratch.Folder, "blobs");
        Assert.Equal(0, (await cluster.Redis.Ask("--rdb", Path.Combine(folder, "dump.rdb"))).Code);
        foreach (string file in Directory.EnumerateFiles(cluster.Blobs, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(blobs, Path.GetRelativePath(cluster.Blobs, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await using RedisServer restored = await RedisServer.Restore(folder);
        await using SiloRun silo = SiloRun.Start(Path.Combine(scratch.Folder, "silo"), "--redis", restored.Address, "--cluster-id", "restored", "--blobs", blobs);
        await silo.Ready();
        using IHost client = ProcessCluster.Client(restored.Address, "restored");
        await client.StartAsync();
        var grains = client.Services.GetRequiredService<IClusterClient>();
        StudyStatus first = await ProcessCluster.Comes(() => grains.GetGrain<IStudyGrain>("backed-up").Status(), s => s.Phase != StudyPhase.Unknown, () => silo.Said);
        Assert.InRange(first.Counts.Committed, 4, 40);
        Assert.Equal(expected, await ProcessCluster.Journal(grains, "backed-up", () => silo.Said));
        Assert.Equal(expected, await cluster.Journal("backed-up"));
        await client.StopAsync();
    }
}
