using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary>What <c>hone retarget</c> is told: a device with options, limits, and a folder of its own.</summary>
internal static class RetargetOptions
{
    /// <summary>NAME=VALUE pairs as a study file's device options: numbers and true/false as such, everything else as text.</summary>
    /// <exception cref="SpecException">Not a pair.</exception>
    public static DeviceSpec Device(string name, string[] options)
    {
        var read = new JsonObject();
        foreach (string option in options)
        {
            (string key, string value) = Pair(option, "--set", "NAME=VALUE");
            read[key] = Number(value) is { } number ? JsonValue.Create(number) : bool.TryParse(value, out bool flag) ? JsonValue.Create(flag) : JsonValue.Create(value);
        }
        return new DeviceSpec(name, null, read);
    }

    /// <exception cref="SpecException">Not a metric with a finite number.</exception>
    public static Constraint Limit(string text, string option, Side side)
    {
        (string metric, string value) = Pair(text, option, "METRIC=VALUE");
        return Number(value) is { } limit ? new Constraint(metric, side, limit)
            : throw new SpecException($"{option}: expected METRIC=VALUE with a number, for example latency_ms=0.4, got '{text}'");
    }

    /// <summary>Refuses a folder that holds the exported models of a run: they would stand beside a front that they are not of.</summary>
    /// <exception cref="SpecException">It does.</exception>
    public static void OwnFolder(string path)
    {
        if (Directory.Exists(Path.Combine(path, "models")))
            throw new SpecException($"--out: expected a folder for the retargeted front alone, '{path}' holds the models/ of a run; choose another folder");
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static (string, string) Pair(string text, string option, string form)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..]) : throw new SpecException($"{option}: expected {form}, got '{text}'");
    }
}
