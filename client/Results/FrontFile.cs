using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>A candidate as the result files tell it: its genes in order and what was found.</summary>
/// <param name="Genes">Names and values as written.</param>
/// <param name="Rejected">The constraint and the reason, for a rejected trial.</param>
internal sealed record Point(
    int Ordinal, string Key, IReadOnlyList<(string Name, string Value)> Genes, IReadOnlyList<Measurement> Measurements, Rejection? Rejected = null, int? DuplicateOf = null,
    string? Failure = null)
{
    /// <summary>The first measurement of a metric, which is the one that counts, or null.</summary>
    public Measurement? Of(string metric) => Measurements.FirstOrDefault(m => m.Metric == metric);

    public double? Value(string metric) => Of(metric)?.Value;
}

/// <summary>The content of front.json.</summary>
/// <param name="Fidelity">The rung that it is drawn from; null in a search without rungs.</param>
internal sealed record FrontFile(
    string Study, string Method, string Seed, bool Reproducible, IReadOnlyList<Objective> Objectives, IReadOnlyList<Point> Members, IReadOnlyList<Point> Demoted,
    int? Fidelity = null)
{
    /// <summary>In the order in which one walks along the front: by the last objective, best first.</summary>
    public IEnumerable<Point> Along(IEnumerable<Point> points) =>
        points.OrderBy(p => p.Value(Objectives[^1].Metric) is { } value ? Objectives[^1].Loss(value) : double.PositiveInfinity).ThenBy(p => p.Ordinal);

    /// <exception cref="HoneException">Missing, or not a front.</exception>
    public static FrontFile Load(string path) =>
        File.Exists(path) ? Parse(File.ReadAllText(path), path) : throw new HoneException($"{path}: expected the front of a finished run, there is none; `hone run` writes it at its end");

    /// <exception cref="HoneException">Not the text of a front.json; the message names <paramref name="where"/>.</exception>
    public static FrontFile Parse(string text, string where) => Guarded(where, () =>
    {
        JsonNode front = JsonNode.Parse(text)!;
        return new FrontFile(
            (string)front["study"]!, (string)front["method"]!, front["seed"]!.ToJsonString(), (bool?)front["reproducible"] ?? true,
            [.. front["objectives"]!.AsArray().Select(o => new Objective(
                (string)o!["metric"]!, ((string)o["direction"]!).StartsWith("max", StringComparison.OrdinalIgnoreCase) ? Direction.Maximize : Direction.Minimize, (string)o["unit"]!))],
            Points(front["members"]), Points(front["demoted"]), (int?)front["fidelity"]);
    });

    private static Point[] Points(JsonNode? list) => list is null ? [] : [.. list.AsArray().Select(p => ReadPoint(p!))];

    private static Point ReadPoint(JsonNode point) => new(
        (int)point["ordinal"]!, (string)point["key"]!,
        [.. (point["genes"]?.AsObject() ?? []).Select(g => (g.Key, g.Value?.ToString() ?? ""))],
        [.. (point["measurements"]?.AsArray() ?? []).Select(m => m.Deserialize<Measurement>(StudyJson.Options)!)],
        point["rejected"] is { } why ? new Rejection((string)why["constraint"]!, (string)why["reason"]!) : null,
        (int?)point["duplicate"],
        point["failed"] is { } failed ? $"{failed["code"]}: {failed["message"]}" : null);

    /// <exception cref="HoneException">What is read is not what a run writes; the message names <paramref name="where"/>.</exception>
    internal static T Guarded<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new HoneException($"{where}: expected what `hone run` writes, got something else ({e.Message}); run the study again with the same --out", e);
        }
    }
}

/// <summary>Numbers for people: four significant digits, no more than needed.</summary>
internal static class Digits
{
    public static string Short(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e6 or < 1e-4 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>With its unit; pure numbers stand alone.</summary>
    public static string With(double value, string unit) => unit == "1" ? Short(value) : $"{Short(value)} {unit}";
}
