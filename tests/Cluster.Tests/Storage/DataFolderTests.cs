using Hone.Contracts;
using Hone.Model;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode Alone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly Running.Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string At(string name) => Path.Combine(_scratch.Folder, name);

    private static Task<DataFolder> Open(string path) => DataFolder.Open(path, TimeProvider.System, CancellationToken.None);

    [Fact]
    public async Task AFolderMadeHereIsItsUsersAloneAndOneThatIsThereKeepsItsMode()
    {
        if (OperatingSystem.IsWindows()) return;   // modes of files are Unix'
        using (await Open(At("new"))) Assert.Equal(Alone, File.GetUnixFileMode(At("new")));
        const UnixFileMode Shared = Alone | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(At("shared"));
        File.SetUnixFileMode(At("shared"), Shared);
        using DataFolder folder = await Open(At("shared"));
        Assert.Equal(Shared, File.GetUnixFileMode(At("shared")));
        folder.Password();
        folder.WriteAddress(new ClusterAddress("127.0.0.1:1", "secret", "hone-1"));
        foreach (string secret in new[] { "shared/store.password", "shared/cluster.json" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At(secret)));
    }

    [Fact]
    public async Task ThePasswordIsMadeOnceAndOneThatIsEmptyOrOpenToOthersIsRefused()
    {
        using DataFolder folder = await Open(At("data"));
        string password = folder.Password();
        Assert.Equal(64, password.Length);
        Assert.Equal(password, folder.Password());
        await File.WriteAllTextAsync(At("data/store.password"), "\n");
        Assert.Contains("is empty", Assert.Throws<HoneException>(folder.Password).Message);
        if (OperatingSystem.IsWindows()) return;
        await File.WriteAllTextAsync(At("data/store.password"), password);
        File.SetUnixFileMode(At("data/store.password"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<HoneException>(folder.Password).Message);
    }

    [Theory]
    [InlineData(null, "(unknown)")]
    [InlineData("4711", "4711")]
    public async Task AFolderThatAnotherHoldsIsBusyEvenBeforeThatOneIsReady(string? pid, string named)
    {
        using DataFolder holder = await Open(At("data"));
        Assert.True(ClusterAddress.IsHeld(At("data")));
        if (pid is not null) await File.WriteAllTextAsync(At("data/silo.pid"), pid);
        var clock = new FakeTimeProvider();
        Task<DataFolder> second = DataFolder.Open(At("data"), clock, CancellationToken.None);
        while (!second.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Contains($"held by pid {named}", (await Assert.ThrowsAsync<BusyException>(() => second)).Message);
    }

    [Fact]
    public async Task TheLockEndsWithItsHolderWhateverThePidFileSays()
    {
        using (await Open(At("data"))) Assert.True(ClusterAddress.IsHeld(At("data")));
        await File.WriteAllTextAsync(At("data/silo.pid"), $"{Environment.ProcessId}");   // somebody lives by that number
        Assert.False(ClusterAddress.IsHeld(At("data")));
        Assert.False(ClusterAddress.IsHeld(At("none")));
    }

    [Fact]
    public async Task AFolderOfAnotherFormatIsLetGoAgain()
    {
        Directory.CreateDirectory(At("data"));
        await File.WriteAllTextAsync(At("data/cluster.json"), """{"redis":"127.0.0.1:1","password":"x","clusterId":"hone-1","version":99}""");
        await Assert.ThrowsAsync<HoneException>(() => Open(At("data")));
        Assert.False(ClusterAddress.IsHeld(At("data")));
    }

    [Theory]
    [InlineData(null, "h:63")]
    [InlineData("h:6379,password=x,ssl=true", "h:63,password=x,ssl=true")]
    [InlineData("h:63,password=x", "h:63,password=x")]
    [InlineData("password=a=b", "h:63,password=a=b")]
    public void TheAddressIsTheCommandLinesAndTheOptionsTheEnvironments(string? secret, string expected) => Assert.Equal(expected, SiloOptions.With("h:63", secret));
}
