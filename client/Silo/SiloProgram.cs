using Hone.Model;

namespace Hone.Client.Silo;

/// <summary>Where the built silo program is: $HONE_SILO, beside this program (published together), or in the silo's own build output.</summary>
internal static class SiloProgram
{
    private static string File => OperatingSystem.IsWindows() ? "hone-silo.exe" : "hone-silo";

    /// <exception cref="HoneException">It is in none of the places.</exception>
    public static string Find() => Find(AppContext.BaseDirectory, Environment.GetEnvironmentVariable("HONE_SILO"));

    internal static string Find(string here, string? given)
    {
        if (given is { Length: > 0 })
            return System.IO.File.Exists(given) ? Path.GetFullPath(given) : throw new HoneException($"$HONE_SILO: expected the silo program, there is no file {given}");
        string[] places = [Path.Combine(here, File), BuildOutput(here)];
        return places.FirstOrDefault(System.IO.File.Exists)
            ?? throw new HoneException($"expected the silo program at {string.Join(" or ", places)}, it is not built; run 'dotnet build client -c Release', or name it in $HONE_SILO");
    }

    // ROOT/client/bin/CONFIG/FRAMEWORK/ -> ROOT/silo/bin/CONFIG/FRAMEWORK/hone-silo: the same configuration as the client's.
    private static string BuildOutput(string here)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(here));
        string root = framework.Parent?.Parent?.Parent?.Parent?.FullName ?? here, config = framework.Parent?.Name ?? "Release";
        return Path.Combine(root, "silo", "bin", config, framework.Name, File);
    }
}
