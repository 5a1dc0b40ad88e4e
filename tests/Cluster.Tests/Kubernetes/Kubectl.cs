using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hone.Cluster.Tests.Kubernetes;

/// <summary>The repository's manifests as kubectl renders them.</summary>
internal static class Kubectl
{
    public static readonly string Folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../k8s"));

    /// <summary>Everything that can be applied: the base and each overlay.</summary>
    public static IEnumerable<string> Overlays =>
        ["base", .. Directory.GetDirectories(Path.Combine(Folder, "overlays")).Select(o => $"overlays/{Path.GetFileName(o)}").Order(StringComparer.Ordinal)];

    /// <summary>The YAML that <c>kubectl apply -k</c> would send.</summary>
    public static string Render(string overlay) => Run(Find(), "kustomize", Path.Combine(Folder, overlay));

    public static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }

    /// <summary>On the PATH, or where tests/run puts it.</summary>
    private static string Find()
    {
        string[] places = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), Path.Combine(Folder, "../artifacts/kubectl")];
        string? found = places.Select(place => Path.Combine(place, "kubectl")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, "kubectl is not installed; tests/run installs it as root");
        return found!;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
