using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Client.Results;

namespace Hone.Client.Tests.Results;

/// <summary>What lies beside a front: costs on devices and training curves, of the shape and size that a vision study leaves.</summary>
internal static class ReportSamples
{
    private static readonly string[] Bounds = ["compute", "input", "weights", "output", "memory", "host"];

    /// <summary>front.json of a study whose candidates have thirty genes: eight members and two demoted ones, all distinct.</summary>
    public static string FrontText()
    {
        JsonObject front = JsonNode.Parse(Samples.FrontText)!.AsObject();
        JsonNode[] all = [.. front["members"]!.AsArray().DistinctBy(m => (string)m!["key"]!).Select(m => m!.DeepClone())];
        foreach (JsonNode member in all)
            for (int g = 0; g < 28; g++) member["genes"]![$"b{1 + g / 4}.{new[] { "heads", "ratio", "qkv_rows8", "fc_rows8" }[g % 4]}"] = ((int)member["ordinal"]! + 3 * g) % 5;
        front["members"] = new JsonArray([.. all.Take(8)]);
        front["demoted"] = new JsonArray([.. all.Skip(8).Take(2)]);
        return front.ToJsonString();
    }

    /// <summary>The same, read.</summary>
    public static FrontFile Front() => FrontFile.Parse(FrontText(), "sample");

    /// <summary>costs.json of the front's members and the demoted ones, in front order, on two boards; about fifty operations a member.</summary>
    public static string CostsText(FrontFile front) => new JsonObject
    {
        ["devices"] = new JsonArray(
            Device(front, "zcu102-eighth", 1, new JsonObject { ["percent"] = 7.4, ["source"] = "the worst held-out error of the model (zcu102)" }),
            Device(front, "kv260", 0.62, null)),
    }.ToJsonString();

    public static CostsFile Costs(FrontFile front) => CostsFile.Parse(CostsText(front), "sample");

    /// <summary>training.json of a member: the supernet's curve, then its own.</summary>
    public static string TrainingText(int ordinal) => new JsonObject
    {
        ["curves"] = new JsonArray(Curve("supernet", 200, 400, 2.3, 0.35, 0), Curve("fine-tuning", 120, 60, 0.42, 0.27 + 0.004 * (ordinal % 9), ordinal)),
    }.ToJsonString();

    public static IReadOnlyList<SharedCurve> Curves(FrontFile front) =>
        TrainingFile.Shared(front.Along(front.Members).Select(m => (m.Ordinal, TrainingFile.Parse(TrainingText(m.Ordinal), "sample"))));

    /// <summary>A trial line of a large study: 24 genes, 9 measurements; of ten trials six are evaluated, three rejected, one a duplicate.</summary>
    public static string LargeLine(int i)
    {
        uint hash = (uint)i * 2654435761u;
        string genes = string.Join(',', Enumerable.Range(0, 24).Select(g => $"\"b{g}.rows8\":{(hash >> g) % 5}"));
        string outcome = (i % 10) switch
        {
            < 6 => Evaluated(hash / (double)uint.MaxValue, i * 0.7548776662 % 1),
            < 9 => Rejected(i),
            _ => "\"duplicate\":0",
        };
        return $"{{\"ordinal\":{i},\"key\":\"k{i}\",\"genes\":{{{genes}}},{outcome}}}";
    }

    private static string Evaluated(double u, double v)
    {
        double latency = 0.1 + 0.9 * u, accuracy = 90 - 1.2 / (latency + 0.05) - 12 * v * v;
        return "\"measurements\":[" + string.Join(',', new[] { ("accuracy", accuracy, "%"), ("latency_ms", latency, "ms"), ("fps", 1e3 / latency, "1/s"), ("dsp", 200, "1"), ("lut", 9000, "1"),
            ("ff", 8000, "1"), ("bram18", 90, "1"), ("memory_ms", latency / 9, "ms"), ("host_elements", 1e5 * u, "1") }.Select(m =>
            string.Create(CultureInfo.InvariantCulture, $"{{\"metric\":\"{m.Item1}\",\"value\":{m.Item2},\"unit\":\"{m.Item3}\",\"origin\":\"Modelled\",\"device\":\"zcu102\"}}"))) + "]";
    }

    private static string Rejected(int i)
    {
        string why = Samples.Reason(i);
        return $"\"rejected\":{{\"constraint\":\"{(why.StartsWith("DSP", StringComparison.Ordinal) ? "dsp" : "latency_ms")}\",\"reason\":\"{why}\"}}";
    }

    private static JsonObject Device(FrontFile front, string name, double scale, JsonNode? resolution)
    {
        Point[] members = [.. front.Members, .. front.Demoted];
        double[] totals = [.. members.Select((m, i) => scale * m.Value("latency_ms")!.Value)];
        double[] elements = [0, 0.25, 1, 0, 0], blocks = [0, 0, 0, 0.07, 0.3];
        return new JsonObject
        {
            ["device"] = name, ["calibration"] = "fpga-1", ["unit"] = "ms", ["resolution"] = resolution,
            ["members"] = new JsonArray([.. members.Select((m, i) => (JsonNode)new JsonObject
            {
                ["ordinal"] = m.Ordinal, ["key"] = m.Key, ["configuration"] = i % 3 == 0 ? "2x32x16-w4a6" : "3x32x8-w4a6", ["total"] = totals[i], ["operations"] = Operations(4 + i % 4, totals[i]),
                ["why"] = i % 4 == 1 ? new JsonArray() : new JsonArray("LUT 111 % of " + name + ": needs 38038, allowed 34260 (engine 2x32x16-w4a6); it would take 281 us instead of 330 us"),
            })]),
            ["hostTimes"] = new JsonArray([.. Enumerable.Range(0, 5).Select(t => (JsonNode)new JsonObject
            {
                ["elementNs"] = elements[t], ["blockMs"] = blocks[t], ["latencyMs"] = new JsonArray([.. totals.Select((ms, i) => (JsonNode)Math.Round(ms + elements[t] * 0.05 * (1 + i % 3) + blocks[t] * (4 + i % 4), 5))]),
            })]),
            ["orders"] = new JsonArray(Order(1, 0.93, members), Order(2, 0.79, members), Order(3, null, members), Order(4, 0.36, members)),
        };
    }

    private static JsonObject Order(int to, double? tau, Point[] members) => new()
    {
        ["from"] = 0, ["to"] = to, ["tau"] = tau,
        ["swapped"] = tau is null ? new JsonArray() : new JsonArray([.. members.Skip(1).Take(to * 4).Select((m, i) => (JsonNode)new JsonArray(members[i].Ordinal, m.Ordinal))]),
    };

    private static JsonArray Operations(int blocks, double total)
    {
        string[] each = ["norm1", "qkv", "scores", "softmax", "mix", "proj", "norm2", "fc1", "gelu", "fc2"];
        var names = new List<(string Op, string Block)> { ("patches", "embed") };
        for (int b = 1; b <= blocks; b++) names.AddRange(each.Select(op => ($"b{b}.{op}", $"b{b}")));
        names.AddRange([("norm", "head"), ("classifier", "head")]);
        double[] weights = [.. names.Select((_, i) => 1.0 + i * 7 % 11)];
        return [.. names.Select((n, i) => (JsonNode)new JsonObject
        {
            ["op"] = n.Op, ["block"] = n.Block, ["value"] = total * weights[i] / weights.Sum(), ["boundBy"] = n.Op.Contains("norm", StringComparison.Ordinal) ? "host" : Bounds[i * 5 % 6],
        })];
    }

    private static JsonObject Curve(string name, int points, double passes, double from, double to, int ordinal) => new()
    {
        ["name"] = name, ["metric"] = "loss", ["x"] = "image passes",
        ["points"] = new JsonArray([.. Enumerable.Range(0, points).Select(i => (JsonNode)new JsonArray(
            Math.Round(passes * (i + 1) / points, 3), Math.Round(to + (from - to) * Math.Exp(-6.0 * i / points) + 0.012 * Math.Sin(i * 1.7 + ordinal), 4)))]),
    };
}
