using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Silo.Storage;
using Hone.Silo.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>Health on its own port.</summary>
public class HealthTests
{
    [Fact]
    public async Task ASiloThatRunsIsAliveAndReadyWhereItSaysThatItIs()
    {
        using var scratch = new Scratch();
        string file = Path.Combine(scratch.Folder, ClusterAddress.HealthFile);
        await using (await LocalSilo.Start(scratch.Folder, slots: 0))
        {
            using var http = new HttpClient { BaseAddress = new Uri(await File.ReadAllTextAsync(file)) };
            Assert.Equal("alive", await http.GetStringAsync("/health/live"));
            Assert.Equal("ready", await http.GetStringAsync("/health/ready"));
        }
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task AStoreThatIsGoneIsMissedAndFoundAgainWhenItIsBack()
    {
        using var scratch = new Scratch();
        int port = Ports.Free(1)[0];
        var clock = new FakeTimeProvider();
        await using var probe = new StoreProbe(new Silo.Hosting.Cluster(new ClusterAddress($"127.0.0.1:{port},connectTimeout=500", "secret", "hone-1"), 0, 0), clock);
        Assert.Contains($"the store at 127.0.0.1:{port}", await probe.Missing());
        using (new EmbeddedStore(Path.Combine(scratch.Folder, "store"), port, "secret"))
        {
            Assert.NotNull(await probe.Missing());   // an answer is good for a second
            string? missing = "";
            for (int i = 0; missing is not null && i < 600; i++, await Task.Delay(20))
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                missing = await probe.Missing();
            }
            Assert.Null(missing);
        }
    }
}
