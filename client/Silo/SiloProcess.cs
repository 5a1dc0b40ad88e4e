using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Silo;

/// <summary>Another silo holds the data folder.</summary>
internal sealed class SiloBusyException(string line) : HoneException(line);

/// <summary>
/// A running silo of ours. It holds the other end of our pipe as its standard input: when this process dies, by whatever cause, the pipe ends and
/// the silo checkpoints and ends too.
/// </summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    /// <summary>The silo's exit code when another one holds the data folder.</summary>
    public const int Busy = 3;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12), LastWords = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly CancellationTokenSource _exited = new();
    private readonly SiloLog _log;

    private SiloProcess(Process process, SiloLog log)
    {
        (_process, _log) = (process, log);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _exited.Cancel();
        process.OutputDataReceived += (_, line) => log.Output(line.Data);
        process.ErrorDataReceived += (_, line) => log.Error(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.HasExited) _exited.Cancel();
    }

    public int Id => _process.Id;

    /// <summary>Is cancelled when the process has ended.</summary>
    public CancellationToken Exited => _exited.Token;

    /// <summary>Starts a silo and waits until it says that it is ready: DATA/silo.pid holds its own id.</summary>
    /// <exception cref="HoneException">It ended, or was not ready in time; the message is the silo's own last line where it has one.</exception>
    public static async Task<SiloProcess> StartAsync(SiloLaunch launch, CancellationToken cancel)
    {
        ClusterAddress.MakeFolder(launch.DataFolder);
        string logPath = Path.Combine(launch.DataFolder, ClusterAddress.LogFile);
        var start = new ProcessStartInfo(launch.Program, launch.Arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (launch.DataSets is { } data) start.Environment["HONE_DATA"] = data;
        SiloProcess silo;
        try
        {
            silo = new SiloProcess(Process.Start(start)!, new SiloLog(logPath));
        }
        catch (Win32Exception e)
        {
            throw new HoneException($"{launch.Program}: expected the silo program, it does not start ({e.Message}); build it again", e);
        }
        try
        {
            await silo.ReadyAsync(launch, logPath, cancel);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>The error for a silo that ended by itself.</summary>
    public async Task<HoneException> EndedAsync(string when, string logPath)
    {
        await WaitAsync(LastWords);
        string line = _log.LastError ?? $"it said nothing; see {logPath}";
        return _process.ExitCode switch
        {
            2 => new SpecException(line),
            Busy => new SiloBusyException(line),
            int code => new HoneException($"the silo ended {when} (exit code {code}): {line}"),
        };
    }

    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    /// <summary>Ends its input, waits for its checkpoint, and kills what stays after that.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It died meanwhile: the pipe is broken.
        }
        await WaitAsync(Grace);
        Kill();
        await WaitAsync(LastWords);
        _process.Dispose();
        _log.Dispose();
    }

    // Also for the last of its output, which a child of its own may hold open; so never without a limit.
    private async Task WaitAsync(TimeSpan most)
    {
        using var limit = new CancellationTokenSource(most);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadyAsync(SiloLaunch launch, string logPath, CancellationToken cancel)
    {
        string pidPath = Path.Combine(launch.DataFolder, ClusterAddress.PidFile);
        long start = Stopwatch.GetTimestamp();
        while (PidIn(pidPath) != Id)
        {
            cancel.ThrowIfCancellationRequested();
            if (_process.HasExited) throw await EndedAsync("while starting", logPath);
            if (Stopwatch.GetElapsedTime(start) > launch.Patience)
                throw new HoneException($"expected the silo to be ready within {launch.Patience.TotalSeconds:0} s, it is not: {_log.LastError ?? $"see {logPath}"}");
            await Task.Delay(50, cancel);
        }
    }

    /// <summary>The process id in a pid file, or null.</summary>
    internal static int? PidIn(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out int pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
