using System.Globalization;

namespace Hone.Node.Machine;

/// <summary>What the operating system tells of its machine. What it does not tell is left out, never guessed.</summary>
internal static class Facts
{
    /// <summary>The processor's name.</summary>
    public static string Processor()
    {
        foreach (string line in Lines("/proc/cpuinfo"))
            if (line.StartsWith("model name", StringComparison.Ordinal) || line.StartsWith("Model", StringComparison.Ordinal)) return line[(line.IndexOf(':') + 1)..].Trim();
        return First("/proc/device-tree/model") ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString();
    }

    /// <summary>How the system chooses the clock.</summary>
    public static string? Governor() => First("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");

    /// <summary>The hottest of its sensors, degrees.</summary>
    public static double? Celsius()
    {
        double? hottest = null;
        foreach (string zone in Folders("/sys/class/thermal", "thermal_zone*"))
            if (double.TryParse(First(Path.Combine(zone, "temp")), NumberStyles.Float, CultureInfo.InvariantCulture, out double thousandths) && thousandths is > 0 and < 200_000)
                hottest = Math.Max(hottest ?? 0, thousandths / 1000);
        return hottest;
    }

    private static string[] Folders(string parent, string pattern)
    {
        try
        {
            return Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? First(string path) => Lines(path) is [var first, ..] && first.Trim('\0', ' ', '\n') is { Length: > 0 } text ? text : null;

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
