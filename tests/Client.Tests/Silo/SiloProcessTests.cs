using System.Diagnostics;
using Hone.Client.Cluster;
using Hone.Client.Silo;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Silo;

/// <summary>With shell scripts in the silo's place.</summary>
public sealed class SiloProcessTests : IDisposable
{
    // Arguments: --role R --data-dir D ...; the last line holds on to standard input as the silo does.
    private const string Ready = "echo $$ > \"$4/pid.part\"; mv \"$4/pid.part\" \"$4/silo.pid\"\n";
    private const string Hold = "cat > /dev/null; echo ended >> \"$4/ended\"\n";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private SiloLaunch Launch(string script) => new(_scratch.Script("silo.sh", script), _scratch["data"], "both", 1);

    [Fact]
    public async Task ASiloIsReadyWhenItsOwnPidIsWrittenAndEndsWithItsInput()
    {
        _scratch.Write("data/silo.pid", "1");   // a stale one of another process
        SiloProcess silo = await SiloProcess.StartAsync(Launch("echo out; echo err >&2\n" + Ready + Hold), CancellationToken.None);
        Assert.Equal(silo.Id, SiloProcess.PidIn(_scratch["data/silo.pid"]));
        await silo.DisposeAsync();
        Assert.True(File.Exists(_scratch["data/ended"]));   // not killed: it saw the end of its input
        Assert.Equal(["err", "out"], File.ReadAllLines(_scratch["data/silo.log"]).Order());
    }

    [Theory]
    [InlineData(3, "busy: the data folder is held by pid 7 at http://x", typeof(SiloBusyException))]
    [InlineData(2, "--redis: expected HOST:PORT", typeof(SpecException))]
    public async Task ASiloThatRefusesSaysSoInItsOwnLastLine(int code, string line, Type kind)
    {
        string script = $"echo 'warming up' >&2; echo 'hone-silo: {line}' >&2; echo '   at Some.Trace()' >&2; exit {code}\n";
        Exception error = await Assert.ThrowsAnyAsync<HoneException>(() => SiloProcess.StartAsync(Launch(script), CancellationToken.None));
        Assert.Equal(line, error.Message);
        Assert.IsType(kind, error);
    }

    [Fact]
    public async Task ASiloThatIsNeverReadyIsGivenUpAndEnded()
    {
        SiloLaunch launch = Launch("echo 'port 5 is in use' >&2\n" + Hold) with { Patience = TimeSpan.FromSeconds(0.5) };
        Assert.Contains("port 5 is in use", (await Assert.ThrowsAsync<HoneException>(() => SiloProcess.StartAsync(launch, CancellationToken.None))).Message);
        Assert.True(File.Exists(_scratch["data/ended"]));
    }

    [Fact]
    public async Task ADeathIsSeenAtOnce()
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(Launch(Ready + Hold), CancellationToken.None);
        var seen = new TaskCompletionSource();
        silo.Exited.Register(seen.SetResult);
        Process.GetProcessById(silo.Id).Kill();
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains("during the run", (await silo.EndedAsync("during the run", "log")).Message);
    }

    [Fact]
    public async Task ASiloThatDiesAgainAndAgainIsStartedThreeMoreTimesAndThenTheUserIsTold()
    {
        // Ready, then dead, before anyone could connect to it.
        string script = "echo start >> \"$4/starts\"\n" + Ready + "sleep 0.3; echo 'hone-silo: out of memory' >&2; exit 1\n";
        _scratch.Write("data/cluster.json", """{"redis":"127.0.0.1:1","password":"","clusterId":"x","version":1}""");
        var notes = new List<string>();
        await using var session = new LocalSession(Launch(script), notes.Add);
        string? message = null;
        for (int i = 0; i < 10 && message is null; i++)
        {
            try
            {
                await session.OpenAsync("s", CancellationToken.None);
            }
            catch (HoneException e) when (e.Message.Contains("run the same command", StringComparison.Ordinal))
            {
                message = e.Message;
            }
            catch (Exception e) when (e is not HoneException)
            {
                // What a follower sees when the silo dies under its connection; it opens again.
            }
        }
        Assert.Contains("out of memory", message);
        Assert.Equal(1 + RestartPolicy.Most, File.ReadAllLines(_scratch["data/starts"]).Length);
        Assert.Equal(RestartPolicy.Most, notes.Count);
    }

    [Fact]
    public void ProgressForgivesEarlierDeaths()
    {
        var policy = new RestartPolicy();
        for (int i = 0; i < RestartPolicy.Most; i++) Assert.True(policy.Again());
        Assert.False(policy.Again());
        policy.Progressed();
        Assert.True(policy.Again());
    }

    [Fact]
    public void TheProgramIsFoundBesideThisOneOrInTheSameConfigurationsOutput()
    {
        string here = Directory.CreateDirectory(_scratch["client/bin/Debug/net10.0"]).FullName;
        Assert.Contains("dotnet build client", Assert.Throws<HoneException>(() => SiloProgram.Find(here, null)).Message);
        string built = _scratch.Write("silo/bin/Debug/net10.0/hone-silo", "");
        Assert.Equal(built, SiloProgram.Find(here + "/", null));
        string beside = _scratch.Write("client/bin/Debug/net10.0/hone-silo", "");
        Assert.Equal(beside, SiloProgram.Find(here, null));
        Assert.Throws<HoneException>(() => SiloProgram.Find(here, _scratch["nowhere"]));
    }
}
