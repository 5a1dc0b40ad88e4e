using System.Diagnostics;
using System.Text;
using Hone.Contracts;

namespace Hone.Cluster.Tests.Processes;

/// <summary>The built silo program as a process of its own, on somebody else's store.</summary>
internal sealed class SiloRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _said = new();

    private SiloRun(Process process, string folder) => (_process, _folder) = (process, folder);

    public static SiloRun Start(string folder, params string[] args) => Start(folder, null, args);

    /// <param name="secret">For $HONE_REDIS.</param>
    public static SiloRun Start(string folder, string? secret, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "hone-silo.dll"), "--data-dir", folder, "--parent-stdin", .. args])
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        if (secret is not null) start.Environment["HONE_REDIS"] = secret;
        var run = new SiloRun(Process.Start(start)!, folder);
        run._process.OutputDataReceived += run.Hear;
        run._process.ErrorDataReceived += run.Hear;
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    public int Id => _process.Id;

    public bool Lives => !_process.HasExited;

    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task Says(string text)
    {
        for (int i = 0; i < 1200 && !Said.Contains(text, StringComparison.Ordinal); i++, await Task.Delay(50))
            if (_process.HasExited) break;
        Assert.Contains(text, Said);
    }

    public async Task<SiloRun> Ready()
    {
        string pid = Path.Combine(_folder, ClusterAddress.PidFile);
        for (int i = 0; i < 1200; i++, await Task.Delay(50))
        {
            if (_process.HasExited) throw new InvalidOperationException($"the silo ended with {_process.ExitCode}: {Said}");
            if (File.Exists(pid) && await File.ReadAllTextAsync(pid) == $"{Id}") return this;
        }
        throw new TimeoutException($"the silo was not ready: {Said}");
    }

    public async Task Kill()
    {
        if (Lives) _process.Send(ProcessSignal.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end; its exit code.</summary>
    public async Task<int> Terminate(TimeSpan grace)
    {
        _process.Send(ProcessSignal.Terminate);
        return await Exited(grace);
    }

    public async Task<int> Exited(TimeSpan most)
    {
        await _process.WaitForExitAsync(new CancellationTokenSource(most).Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (_said) _said.AppendLine(line.Data);
    }
}
