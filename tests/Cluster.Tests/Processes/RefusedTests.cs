using Hone.Cluster.Tests.Running;
using Hone.Silo.Storage;

namespace Hone.Cluster.Tests.Processes;

/// <summary>Silos that must not start say why in one line.</summary>
[Collection(ProcessTests.Name)]
public sealed class RefusedTests(ProcessCluster cluster) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private async Task Refused(int expected, string says, params string[] args)
    {
        await using SiloRun silo = SiloRun.Start(_scratch.Folder, args);
        Assert.Equal(expected, await silo.Exited(TimeSpan.FromSeconds(60)));
        await silo.Says(says);
        Assert.DoesNotContain("   at ", silo.Said);
    }

    [Fact]
    public async Task AStoreOfAnotherFormatIsRefusedByItsName()
    {
        Assert.Equal("1", (await cluster.Redis.Ask("get", StoreFormat.Key)).Output);
        await cluster.Redis.Ask("set", StoreFormat.Key, "99");
        try
        {
            await Refused(1, "expected a store of format 1, got 99", "--redis", cluster.Redis.Address);
        }
        finally
        {
            await cluster.Redis.Ask("set", StoreFormat.Key, "1");
        }
    }

    [Fact]
    public Task APortThatIsTakenIsNamed() => Refused(1, $"--silo-port: expected port {cluster.Redis.Port}", "--redis", cluster.Redis.Address, "--silo-port", $"{cluster.Redis.Port}");

    [Theory]
    [InlineData("--urls")]
    [InlineData("--health-urls")]
    public Task AnAddressThatIsTakenIsNamed(string option) => Refused(1, $"http://127.0.0.1:{cluster.Redis.Port}: address already in use: end what listens there", option, $"http://127.0.0.1:{cluster.Redis.Port}");

    [Fact]
    public Task AnAddressThatOthersReachNeedsTls() => Refused(2, "expected --cluster-cert, --cluster-key and --cluster-ca with 10.0.0.7", "--advertise", "10.0.0.7");
}
