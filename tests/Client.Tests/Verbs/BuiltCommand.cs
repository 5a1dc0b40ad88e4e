using System.Diagnostics;
using System.Text.Json.Nodes;
using Hone.Client.Silo;

namespace Hone.Client.Tests.Verbs;

/// <summary>The built command with the built silo on a data folder: what a user types.</summary>
internal sealed class BuiltCommand(Scratch scratch)
{
    // ROOT/tests/Client.Tests/bin/CONFIG/FRAMEWORK/ -> ROOT/client/bin/CONFIG/FRAMEWORK
    private static string Folder()
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "client", "bin", here.Parent.Name, here.Name);
    }

    /// <summary>A silo without compute slots that stays, so that the verbs meanwhile need not start one each.</summary>
    public Task<SiloProcess> ControlSilo() => Silo("control", 0);

    /// <summary>A silo that stays.</summary>
    public Task<SiloProcess> Silo(string role, int slots, string data = "data") =>
        SiloProcess.StartAsync(new SiloLaunch(SiloProgram.Find(Folder(), null), scratch[data], role, slots), CancellationToken.None);

    public Task<(int Code, string Out, string Error)> Hone(params string[] args) => Run([.. args, "--data-dir", scratch["data"]]);

    /// <summary>A command without a data folder.</summary>
    public static async Task<(int Code, string Out, string Error)> Run(params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder(), OperatingSystem.IsWindows() ? "hone.exe" : "hone"), args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    public async Task<JsonNode> Json(params string[] args)
    {
        var (code, output, error) = await Hone([.. args, "--json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output.Trim().Split('\n')[^1])!;
    }

    /// <summary>Nothing but one line on standard error, with the expected exit code.</summary>
    public async Task Refused(int expected, string says, params string[] args)
    {
        var (code, output, error) = await Hone(args);
        Assert.True(code == expected, $"expected exit code {expected}, got {code}: {error}");
        Assert.Equal("", output);
        Assert.StartsWith("hone: ", error);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Contains(says, error);
    }
}
