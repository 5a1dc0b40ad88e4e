using System.Text.RegularExpressions;
using TorchSharp;

namespace Hone.Neural;

/// <summary>Which libtorch this process computes with: the one of the build's package, or (in a build with -p:Torch=none) one that the machine has already.</summary>
internal static partial class TorchLibrary
{
    private const string File = "libtorch_cpu.so";
    private static readonly Lazy<string> s_version = new(() => Packaged(AppContext.BaseDirectory) ? torch.__version__ : Loaded());

    /// <summary>For example "2.10.0.0" of a package, "2.11.0+cu130" of an installed libtorch.</summary>
    public static string Version => s_version.Value;

    private static bool Packaged(string folder) =>
        new[] { folder, Path.Combine(folder, "runtimes", "linux-x64", "native") }.Any(f => System.IO.File.Exists(Path.Combine(f, File))) || !OperatingSystem.IsLinux();

    private static string Loaded()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        string? path = System.IO.File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..]).FirstOrDefault(p => Path.GetFileName(p) == File);
        return path is null ? torch.__version__ : VersionOf(path);
    }

    /// <summary>The version that lies beside a libtorch_cpu.so: of a Python package in lib/../version.py, of an archive in lib/../build-version, else the file's length.</summary>
    public static string VersionOf(string library)
    {
        string root = Path.Combine(Path.GetDirectoryName(library)!, "..");
        string python = Path.Combine(root, "version.py"), archive = Path.Combine(root, "build-version");
        if (System.IO.File.Exists(python) && PythonVersion().Match(System.IO.File.ReadAllText(python)) is { Success: true } found) return found.Groups[1].Value;
        return System.IO.File.Exists(archive) ? System.IO.File.ReadAllText(archive).Trim() : $"of {new FileInfo(library).Length} bytes";
    }

    [GeneratedRegex("""^__version__\s*=\s*['"]([^'"\s]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();
}
