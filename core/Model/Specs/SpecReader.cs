using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Model;

/// <summary>
/// Reads one section of a study file key by key, with types and ranges, and remembers what was asked for: <see cref="Done"/> then
/// names every key that nobody knows, with the nearest known one.
/// </summary>
/// <param name="section">The section's values; null reads as empty.</param>
/// <param name="where">Path of the section for messages ("training"); empty at the top.</param>
public sealed class SpecReader(JsonObject? section, string where)
{
    private readonly List<string> _known = [];

    private string Name(string key) => where.Length == 0 ? key : $"{where}.{key}";

    private JsonNode? Node(string key)
    {
        _known.Add(key);
        return section is not null && section.TryGetPropertyValue(key, out JsonNode? node) ? node : null;
    }

    /// <summary>Whether the key is given.</summary>
    public bool Has(string key) => section?.ContainsKey(key) == true;

    public string? Text(string key) => Node(key) is not { } node ? null
        : node is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? node.ToString()
        : throw Wrong(key, "a text", node);

    public string Text(string key, string fallback) => Text(key) ?? fallback;

    /// <summary>A text from a closed list.</summary>
    public string OneOf(string key, string fallback, params ReadOnlySpan<string> allowed)
    {
        string text = Text(key, fallback);
        foreach (string choice in allowed)
            if (choice == text) return text;
        string? near = Nearest.Of(text, allowed.ToArray());
        throw new SpecException($"{Name(key)}: expected one of {string.Join(", ", allowed.ToArray())}; got '{text}'{(near is null ? "" : $"; did you mean '{near}'?")}");
    }

    public double Number(string key, double fallback, double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        if (Node(key) is not { } node) return fallback;
        double number = Of(node) ?? throw Wrong(key, "a number", node);
        return number >= least && number <= most ? number : throw Wrong(key, Range("a number", least, most), node);
    }

    public int Integer(string key, int fallback, int least = 0, int most = int.MaxValue)
    {
        if (Node(key) is not { } node) return fallback;
        double number = Of(node) ?? double.NaN;
        return number == Math.Floor(number) && number >= least && number <= most ? (int)number : throw Wrong(key, Range("a whole number", least, most), node);
    }

    public bool Flag(string key, bool fallback) => Node(key) is not { } node ? fallback
        : node.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Wrong(key, "true or false", node) };

    /// <summary>A section below this one; empty when it is not given.</summary>
    public SpecReader Section(string key) => new(Raw(key), Name(key));

    /// <summary>The values of a section, unread; null when it is not given.</summary>
    public JsonObject? Raw(string key) => Node(key) is not { } node ? null : node as JsonObject ?? throw Wrong(key, "a section (key: value)", node);

    /// <summary>A list of texts or sections; empty when it is not given.</summary>
    public IReadOnlyList<JsonNode> List(string key)
    {
        if (Node(key) is not { } node) return [];
        if (node is not JsonArray array) throw Wrong(key, "a list", node);
        return array.Select((item, i) => item ?? throw new SpecException($"{Name(key)}[{i}]: expected a value, got nothing")).ToList();
    }

    /// <exception cref="SpecException">A key was given that nobody asked for.</exception>
    public void Done()
    {
        foreach (var (key, _) in section ?? [])
            if (!_known.Contains(key))
                throw new SpecException($"{Name(key)}: unknown key; "
                    + (Nearest.Of(key, _known) is { } near ? $"did you mean '{near}'?" : "expected one of ") + $" (known: {string.Join(", ", _known.Distinct())})");
    }

    // By its text: a node that was made from an int does not give a double.
    private static double? Of(JsonNode node) => node.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private SpecException Wrong(string key, string expected, JsonNode node)
    {
        string came = node.ToJsonString();
        return new SpecException($"{Name(key)}: expected {expected}, got {(came.Length > 60 ? came[..60] + "..." : came)}");
    }

    private static string Range(string what, double least, double most) => (double.IsNegativeInfinity(least), most >= int.MaxValue) switch
    {
        (true, true) => what,
        (false, true) => string.Create(CultureInfo.InvariantCulture, $"{what} of at least {least}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $"{what} of at most {most}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{what} from {least} to {most}"),
    };
}
