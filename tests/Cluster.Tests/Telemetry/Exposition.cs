using System.Globalization;
using System.Text.RegularExpressions;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>
/// A scrape in Prometheus' text format 0.0.4, read strictly: every sample belongs to the family that its TYPE line opened, no series comes twice, and the buckets of a histogram
/// rise to its count.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, string> _types = [];
    private readonly List<Sample> _samples = [];

    /// <exception cref="FormatException">Names the line that is wrong.</exception>
    public Exposition(string text)
    {
        if (!text.EndsWith('\n')) throw new FormatException("expected a line end after the last line");
        string family = "";
        HashSet<string> seen = [];
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                if (line.Split(' ') is not [_, _, var name, "counter" or "gauge" or "histogram" or "summary" or "untyped"] words || !Name().IsMatch(name)) throw Wrong(line);
                if (!_types.TryAdd(family = name, words[3])) throw Wrong(line);
            }
            else if (!line.StartsWith('#') && line.Length > 0)
            {
                Sample sample = Read(line);
                if (!Belongs(sample.Name, family)) throw Wrong(line);
                if (!seen.Add(line[..line.LastIndexOf(line.Contains('}', StringComparison.Ordinal) ? '}' : ' ')])) throw Wrong($"twice: {line}");
                _samples.Add(sample);
            }
        }
        foreach (string histogram in _types.Where(t => t.Value == "histogram").Select(t => t.Key)) CheckBuckets(histogram);
    }

    /// <summary>Types by family name.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>Sample names: what a query can ask for.</summary>
    public IEnumerable<string> Names => _samples.Select(s => s.Name).Distinct();

    private bool Belongs(string name, string family) => name == family || (_types.TryGetValue(family, out string? type) && type is "histogram" or "summary"
        && name.StartsWith(family, StringComparison.Ordinal) && name[family.Length..] is "_bucket" or "_sum" or "_count");

    private void CheckBuckets(string histogram)
    {
        foreach (var series in _samples.Where(s => s.Name == $"{histogram}_bucket").GroupBy(s => string.Join(",", s.Labels.Where(l => l.Key != "le").Select(l => $"{l.Key}={l.Value}"))))
        {
            (double Limit, double Count)[] buckets = [.. series.Select(s => (Number(s.Labels["le"]), s.Value))];
            for (int i = 1; i < buckets.Length; i++)
                if (buckets[i].Limit <= buckets[i - 1].Limit || buckets[i].Count < buckets[i - 1].Count) throw new FormatException($"{histogram}: buckets fall at {buckets[i].Limit}");
            if (!double.IsPositiveInfinity(buckets[^1].Limit)) throw new FormatException($"{histogram}: expected a last bucket +Inf");
        }
    }

    private static Sample Read(string line)
    {
        Match match = Line().Match(line);
        if (!match.Success) throw Wrong(line);
        var labels = new Dictionary<string, string>();
        foreach (Match label in Labels().Matches(match.Groups["labels"].Value))
            if (!labels.TryAdd(label.Groups[1].Value, Regex.Unescape(label.Groups[2].Value))) throw Wrong(line);
        return new Sample(match.Groups["name"].Value, labels, Number(match.Groups["value"].Value));
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static FormatException Wrong(string line) => new($"not a line of the text format: {line}");

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex Name();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)""")]
    private static partial Regex Labels();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (?<value>NaN|[+-]Inf|[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)(?: [0-9]+)?$""")]
    private static partial Regex Line();
}
