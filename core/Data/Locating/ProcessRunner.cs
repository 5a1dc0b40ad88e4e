using System.ComponentModel;
using System.Diagnostics;

namespace Hone.Data;

/// <summary>Runs programs of this machine, without a shell and in the C locale.</summary>
public sealed class ProcessRunner : IProcessRunner
{
    public async Task<ProcessResult?> RunAsync(string program, IReadOnlyList<string> arguments, string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        Process? started;
        try
        {
            started = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
        using Process process = started ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancel), error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
            return new ProcessResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(); // so that nothing writes any more when the caller clears its folder
            }
        }
    }
}
