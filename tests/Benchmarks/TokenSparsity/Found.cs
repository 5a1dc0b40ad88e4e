using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>How results of pruned nets are written into units, and read.</summary>
internal static class Found
{
    /// <summary>Which samples were right, for <see cref="Evidence.CrossedBootstrap.Right"/>.</summary>
    public static string Bits(CorrectBits correct) => Convert.ToBase64String(correct.ToBytes());

    /// <summary>10^6 multiply-accumulates of an image.</summary>
    public static double Mega(Workload workload) => Math.Round(VitWorkload.Macs(workload) / 1e6, 4);

    /// <summary>How many images kept how many patches, stage by stage.</summary>
    public static JsonArray Kept(int[][] kept) => new([.. kept.Select(stage => (JsonNode)Histogram(stage))]);

    /// <summary>(stages)(images), ascending.</summary>
    public static int[][] Counts(JsonNode kept) => [.. kept.AsArray().Select(stage => Counts(stage!.AsObject()))];

    private static JsonObject Histogram(int[] kept) => new(kept.GroupBy(k => k).OrderBy(g => g.Key).Select(g => KeyValuePair.Create(g.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)g.Count())));

    private static int[] Counts(JsonObject histogram) => [.. histogram.SelectMany(p => Enumerable.Repeat(int.Parse(p.Key, CultureInfo.InvariantCulture), (int)p.Value!)).Order()];
}
