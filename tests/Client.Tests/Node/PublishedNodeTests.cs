using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hone.Client.Tests.Node;

/// <summary>The node published for another machine: small, and with kernels that are right there.</summary>
public sealed class PublishedNodeTests : IDisposable
{
    private const long Most = 40_000_000;
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task ForLinuxOnArmItIsSmallAndItsKernelsAgreeWithPlainSums()
    {
        string node = Path.Combine(Repository, "client", "Node"), output = _scratch["node"];
        var (code, text) = await Run("dotnet", ["publish", node, "-c", "Release", "-r", "linux-arm64", "-o", output, "-v", "q", "--nologo"]);
        Assert.True(code == 0, text);
        Assert.InRange(Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length), 1, Most);

        string? qemu = new[] { "qemu-aarch64", "qemu-aarch64-static" }.Select(Which).FirstOrDefault(p => p is not null);
        Assert.SkipWhen(qemu is null || !Directory.Exists(Libraries), "qemu-user and the libraries of arm64 are not installed; tests/run installs them as root");
        (code, text) = await Run(qemu!, ["-cpu", "max", Path.Combine(output, "hone-node"), "check"]);
        Assert.True(code == 0, text);
        foreach (string kernel in new[] { "Scalar", "AdvSimd", "AdvSimdDp" }) foreach (string format in new[] { "8-bit codes", "4-bit weights" }) Assert.Contains($"{format,-18} {kernel} ", text);
        foreach (string format in new[] { "float", "bfloat16", "packed 4-bit codes", "signs", "sparse" }) Assert.Contains($"{format,-18} AdvSimd ", text);
    }

    private static string Repository => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private const string Libraries = "/usr/aarch64-linux-gnu";

    private static string? Which(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, program)).FirstOrDefault(File.Exists);

    private static async Task<(int Code, string Text)> Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["QEMU_LD_PREFIX"], start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"], start.Environment["MSBUILDDISABLENODEREUSE"]) = (Libraries, "1", "1");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
