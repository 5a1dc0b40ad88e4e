using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hone.Web.Tests.Made;

/// <summary>Made trials, as lines of trials.jsonl: below a concave trade-off, every fifth rejected, every seventh of the others a duplicate. The same for the same seed.</summary>
internal static class MadeTrials
{
    /// <summary>Wants to be markup wherever it is taken for it.</summary>
    public const string Hostile = "</script><img src=x onerror=\"window.hostile=1\"><b>&\"'";

    private static readonly string[] Widths = ["w4", "w6", "w8"];

    /// <summary>Lines of two objectives (accuracy, latency_ms) and two counts (dsp, lut), about 600 bytes each, with line ends.</summary>
    public static byte[] Lines(int count, uint seed = 1)
    {
        var text = new StringBuilder(count * 620);
        for (int i = 0; i < count; i++) Append(text, i, seed, false).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static string Line(int ordinal, uint seed = 1) => Append(new StringBuilder(), ordinal, seed, false).ToString();

    /// <summary>On a rung.</summary>
    public static string RungLine(int ordinal, int rung) => $"{Line(ordinal, 5)[..^1]},\"fidelity\":{rung}}}";

    /// <summary>With a third objective, energy_mj.</summary>
    public static string WideLine(int ordinal) => Append(new StringBuilder(), ordinal, 2, true).ToString();

    /// <summary>Every text of it is hostile; every third trial is rejected, every third failed.</summary>
    public static string HostileLine(int ordinal)
    {
        string text = JsonSerializer.Serialize(Hostile);
        return $$$"""{"ordinal":{{{ordinal}}},"key":{{{text}}},"genes":{{{{text}}}:{{{text}}}}""" + (ordinal % 3) switch
        {
            0 => $$$""","measurements":[{"metric":"accuracy","value":{{{80 + ordinal % 7}}},"unit":"%","origin":"Trained"},{"metric":"latency_ms","value":0.{{{10 + ordinal % 80}}},"unit":"ms","origin":"Modelled","device":{{{text}}}},{"metric":{{{text}}},"value":1,"unit":{{{text}}},"origin":"Modelled"}]}""",
            1 => $$$""","rejected":{"constraint":{{{text}}},"reason":{{{text}}}}}""",
            _ => $$$""","failed":{"code":{{{text}}},"message":{{{text}}}}}""",
        };
    }

    private static StringBuilder Append(StringBuilder text, int ordinal, uint seed, bool wide)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        double a = Share(ordinal, seed, 0), b = Share(ordinal, seed, 1), c = Share(ordinal, seed, 2), loss = (c + Share(ordinal, seed, 3) + Share(ordinal, seed, 4) + Share(ordinal, seed, 5)) / 4;
        int depth = 2 + (int)(6 * a), width = 32 + 16 * (int)(10 * b), heads = 1 + (int)(4 * c), ratio = 2 + ordinal % 3;
        string bits = Widths[ordinal % 3], rest = Widths[(ordinal / 3) % 3];
        string key = $"depth={depth},width={width},heads={heads},mlp={ratio},qkv={bits},proj={rest},fc1={bits},fc2={rest},step={ordinal}";
        string genes = $$$"""{"depth":{{{depth}}},"width":{{{width}}},"heads":{{{heads}}},"mlp":{{{ratio}}},"qkv":"{{{bits}}}","proj":"{{{rest}}}","fc1":"{{{bits}}}","fc2":"{{{rest}}}","step":{{{ordinal}}}}""";
        text.Append(plain, $$$"""{"ordinal":{{{ordinal}}},"key":"{{{key}}}","genes":{{{genes}}}""");
        if (ordinal % 5 == 4) return text.Append(plain, $$$""","rejected":{"constraint":"latency_ms","reason":"{{{Reason(ordinal)}}}"}}""");
        if (ordinal % 7 == 6) return text.Append(plain, $$$""","duplicate":{{{ordinal % 3}}}}""");
        double latency = 0.05 + 0.35 * a * (0.6 + 0.4 * b), accuracy = 91 - 1.1 / (latency + 0.05) - 14 * loss * loss;
        text.Append(plain, $$$""","measurements":[{"metric":"accuracy","value":{{{Math.Round(accuracy, 3)}}},"unit":"%","origin":"Trained","spread":0.6},{"metric":"latency_ms","value":{{{Math.Round(latency, 5)}}},"unit":"ms","origin":"Modelled","device":"zcu102-eighth","calibration":"fpga-1"},""");
        if (wide) text.Append(plain, $$$"""{"metric":"energy_mj","value":{{{Math.Round(1 + 4 * b + 2 * c, 3)}}},"unit":"mJ","origin":"Modelled","device":"zcu102-eighth","calibration":"fpga-1"},""");
        return text.Append(plain, $$$"""{"metric":"dsp","value":{{{60 + (int)(240 * b)}}},"unit":"1","origin":"Modelled","device":"zcu102-eighth","calibration":"fpga-1"},{"metric":"lut","value":{{{9000 + (int)(24000 * c)}}},"unit":"1","origin":"Modelled","device":"zcu102-eighth","calibration":"fpga-1"}]}""");
    }

    private static string Reason(int i) => (i % 4) switch
    {
        0 => $"latency_ms 0.{52 + i % 40} ms on zcu102-eighth, allowed at most 0.4: 400 us needs {1 + i % 3}x32x16-w4a6: LUT {101 + i % 60} %; the best that fits, 3x32x8-w4a6, takes {520 + i % 40} us",
        1 => $"latency_ms 0.{52 + i % 40} ms on zcu102-eighth, allowed at most 0.4: 400 us needs 2x{16 + i % 48}x8-w4a6: BRAM18 {101 + i % 60} %; the best that fits, 3x32x8-w4a6, takes 1.{i % 90} ms",
        2 => $"latency_ms 0.{52 + i % 40} ms on zcu102-eighth, allowed at most 0.4: no engine of this board meets 400 us: the fastest, 3x32x16-w4a6, takes {450 + i % 60} us and does not fit (LUT 167 %)",
        _ => $"DSP {101 + i % 60} % of zcu102-eighth: needs 360, allowed 315 (engine 3x32x8-w8a8)",
    };

    // A number in 0..1 that looks like chance: the mixing step of SplitMix64.
    private static double Share(int ordinal, uint seed, int draw)
    {
        ulong z = ((ulong)seed << 40) + ((ulong)(uint)ordinal << 4) + (ulong)draw + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
