using System.Diagnostics;
using System.Globalization;
using Hone.Contracts;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>The built silo and the built command as processes that send their telemetry somewhere; all are gone with it.</summary>
internal sealed class BuiltPrograms(IReadOnlyDictionary<string, string> variables) : IAsyncDisposable
{
    private readonly List<Process> _silos = [];

    /// <summary>Starts a silo and waits until it says that it is ready.</summary>
    public async Task<Process> Silo(string folder, IReadOnlyDictionary<string, string>? more = null, params string[] args)
    {
        Process silo = Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "hone-silo.dll"), "--data-dir", folder, "--parent-stdin", .. args], more);
        _silos.Add(silo);
        silo.BeginOutputReadLine();
        string pid = Path.Combine(folder, ClusterAddress.PidFile);
        for (int i = 0; i < 2400; i++, await Task.Delay(50))
        {
            if (silo.HasExited) throw new InvalidOperationException($"the silo ended: {await silo.StandardError.ReadToEndAsync()}");
            if (File.Exists(pid) && await File.ReadAllTextAsync(pid) == silo.Id.ToString(CultureInfo.InvariantCulture)) return silo;
        }
        throw new TimeoutException("the silo was not ready within 120 s");
    }

    /// <summary>Runs the command to its end; again where a busy machine kept the silo from answering it in time.</summary>
    public async Task<string> Hone(params string[] args)
    {
        const int Most = 5;
        for (int i = 1; ; i++)
        {
            var (code, output, error) = await Run(args);
            if (code == 0) return output;
            if (i == Most || !error.Contains("none answered", StringComparison.Ordinal)) throw new InvalidOperationException($"hone {string.Join(' ', args)} ended with {code}: {error}");
        }
    }

    private async Task<(int Code, string Output, string Error)> Run(string[] args)
    {
        // ROOT/tests/Cluster.Tests/bin/CONFIG/FRAMEWORK/ -> ROOT/client/bin/CONFIG/FRAMEWORK
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        using Process hone = Start("dotnet", [Path.Combine(here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, "client", "bin", here.Parent.Name, here.Name, "hone.dll"), .. args], null);
        Task<string> output = hone.StandardOutput.ReadToEndAsync(), error = hone.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await hone.WaitForExitAsync(limit.Token);
        return (hone.ExitCode, await output, await error);
    }

    /// <summary>Ends every silo as its parent's death would.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Process silo in _silos) silo.StandardInput.Close();
        foreach (Process silo in _silos)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await silo.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!silo.HasExited) silo.Kill();
            silo.Dispose();
        }
    }

    private Process Start(string program, string[] args, IReadOnlyDictionary<string, string>? more)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables.Concat(more ?? new Dictionary<string, string>())) start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        return process;
    }
}
