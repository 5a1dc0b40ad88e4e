using System.Runtime.CompilerServices;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>Where the files lie that these tests check.</summary>
internal static class Repository
{
    public static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
