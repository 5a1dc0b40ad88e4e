using System.Diagnostics;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

/// <summary>The silo as a process of its own, ended the hard way.</summary>
public class KilledSiloTests
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "hone-silo.dll");

    private static Process Start(string folder, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "--data-dir", folder, "--parent-stdin", .. more])
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task<bool> Ready(string folder, Process process)
    {
        string pid = Path.Combine(folder, ClusterAddress.PidFile);
        for (int i = 0; i < 300 && !process.HasExited; i++, await Task.Delay(100))
            if (File.Exists(pid) && File.ReadAllText(pid) == $"{process.Id}") return true;
        return false;
    }

    [Fact]
    public async Task AKilledSiloLeavesAFolderThatTheNextOneTakesOverAtOnceWithTheSamePorts()
    {
        using var scratch = new Scratch();
        using Process first = Start(scratch.Folder);
        Assert.True(await Ready(scratch.Folder, first));
        string address = File.ReadAllText(Path.Combine(scratch.Folder, ClusterAddress.AddressFile));
        first.Kill();
        await first.WaitForExitAsync();
        using Process second = Start(scratch.Folder);
        Assert.True(await Ready(scratch.Folder, second));
        Assert.Equal(address, File.ReadAllText(Path.Combine(scratch.Folder, ClusterAddress.AddressFile)));
        second.StandardInput.Close();   // the parent is gone
        await second.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(15)).Token);
        Assert.False(File.Exists(Path.Combine(scratch.Folder, ClusterAddress.PidFile)));
    }

    [Fact]
    public async Task AFolderOfAnotherFormatIsRefusedInOneLineAndLeftAsItIs()
    {
        using var scratch = new Scratch();
        string file = Path.Combine(scratch.Folder, ClusterAddress.AddressFile);
        await File.WriteAllTextAsync(file, """{"redis":"127.0.0.1:1","password":"x","clusterId":"hone-1","version":99}""");
        using Process silo = Start(scratch.Folder);
        string error = await silo.StandardError.ReadToEndAsync();
        await silo.WaitForExitAsync();
        Assert.Equal(1, silo.ExitCode);
        Assert.Contains("format 1, got 99", error);
        Assert.DoesNotContain("   at ", error);
        Assert.Contains("99", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task AnUnknownOptionEndsWithCodeTwo()
    {
        using var scratch = new Scratch();
        using Process silo = Start(scratch.Folder, "--rolle", "both");
        string error = await silo.StandardError.ReadToEndAsync();
        await silo.WaitForExitAsync();
        Assert.Equal(2, silo.ExitCode);
        Assert.Contains("--rolle", error);
    }
}
