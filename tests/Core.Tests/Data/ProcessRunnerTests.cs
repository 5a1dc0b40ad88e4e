using System.Diagnostics;
using Hone.Data;

namespace Hone.Core.Tests.Data;

public class ProcessRunnerTests
{
    private static readonly ProcessRunner Runner = new();

    [Fact]
    public async Task AProgramThatIsNotThereIsNull() =>
        Assert.Null(await Runner.RunAsync("hone-has-no-such-program", [], Path.GetTempPath(), default));

    [Fact]
    public async Task ExitCodeOutputsFolderAndLocaleAreTheProgramsOwn()
    {
        using var folder = new TempFolder();
        ProcessResult result = (await Runner.RunAsync("sh", ["-c", "pwd; echo $LC_ALL; echo wrong >&2; exit 3"], folder.Path, default))!;
        Assert.Equal(new ProcessResult(3, $"{folder.Path}\nC\n", "wrong\n"), result);
    }

    [Fact]
    public async Task ArgumentsPassNoShell()
    {
        ProcessResult result = (await Runner.RunAsync("printf", ["%s", "a b; $HOME 'c'"], Path.GetTempPath(), default))!;
        Assert.Equal("a b; $HOME 'c'", result.Output);
    }

    [Fact]
    public async Task ACancelledProgramIsGoneWithItsChildrenBeforeTheCallReturns()
    {
        using var folder = new TempFolder();
        using var cancel = new CancellationTokenSource();
        Task<ProcessResult?> run = Runner.RunAsync("sh", ["-c", "sleep 60 & echo $! > child.tmp; mv child.tmp child; wait"], folder.Path, cancel.Token);
        for (int i = 0; i < 500 && !File.Exists(folder["child"]); i++) await Task.Delay(20);
        int child = int.Parse(File.ReadAllText(folder["child"]));
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        for (int i = 0; i < 500 && IsAlive(child); i++) await Task.Delay(20); // a killed child is reaped by init a little later
        Assert.False(IsAlive(child));
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return false;
        }
    }
}
