using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hone.Model;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hone.Client.Specs;

/// <summary>
/// YAML 1.2 (core schema) to JSON, event by event: plain scalars become true/false, numbers, null or text; quoted ones stay text.
/// Aliases are copied and everything is counted, so that a small file cannot grow without bound.
/// </summary>
internal sealed partial class YamlReader(string file, TextReader text)
{
    private const int MostNodes = 20_000, MostDepth = 32;
    private readonly Parser _parser = new(text);
    private readonly Dictionary<AnchorName, (JsonNode? Node, int Size)> _anchors = [];
    private int _nodes;

    /// <summary>The line of every key and list item, by its path ("objectives[0].metric").</summary>
    public Dictionary<string, long> Lines { get; } = new(StringComparer.Ordinal);

    /// <exception cref="SpecException">Not one YAML document with a mapping at its top.</exception>
    public JsonObject Read()
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Accept<StreamEnd>(out _)) throw new SpecException($"{file}: expected a study (key: value lines), got an empty file");
            _parser.Consume<DocumentStart>();
            Mark start = _parser.Current!.Start;
            JsonNode? top = Node("", 0);
            _parser.Consume<DocumentEnd>();
            if (!_parser.Accept<StreamEnd>(out _)) throw Wrong(_parser.Current!.Start, "one study per file, got a second document; remove the '---'");
            return top as JsonObject ?? throw Wrong(start, "a study (key: value lines), got a single value or a list");
        }
        catch (YamlException e)
        {
            throw Wrong(e.Start, $"YAML, got something else ({e.Message.TrimEnd('.')})");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw Wrong(_parser.Current?.End ?? Mark.Empty, "YAML, got something else after this: is a bracket, a brace or a quote left open?");   // where the parser itself stumbles
        }
    }

    private JsonNode? Node(string path, int depth)
    {
        ParsingEvent current = _parser.Current!;
        if (depth > MostDepth) throw Wrong(current.Start, $"at most {MostDepth} levels of nesting");
        Count(1, current.Start);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value, out var known)) throw Wrong(alias.Start, $"an anchor '&{alias.Value}' before its alias");
            Count(known.Size, alias.Start);
            return known.Node?.DeepClone();
        }
        int before = _nodes;
        if (current is not NodeEvent node) throw Wrong(current.Start, "a value: is a bracket or a brace in the wrong place?");
        JsonNode? read = node switch
        {
            MappingStart => Mapping(path, depth),
            SequenceStart => Sequence(path, depth),
            _ => Value(_parser.Consume<Scalar>()),
        };
        if (!node.Anchor.IsEmpty) _anchors[node.Anchor] = (read, _nodes - before);
        return read;
    }

    private JsonObject Mapping(string path, int depth)
    {
        var map = new JsonObject();
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key)) throw Wrong(_parser.Current!.Start, "a plain text as key");
            if (key.Value == "<<") throw Wrong(key.Start, "plain keys; merge keys (<<) are not read, write the keys out");
            string below = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            if (map.ContainsKey(key.Value)) throw Wrong(key.Start, $"each key once, got '{below}' twice (first in line {Lines[below]})");
            Lines[below] = key.Start.Line;
            map[key.Value] = Node(below, depth + 1);
        }
        return map;
    }

    private JsonArray Sequence(string path, int depth)
    {
        var list = new JsonArray();
        _parser.Consume<SequenceStart>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            string below = $"{path}[{list.Count}]";
            Lines[below] = _parser.Current!.Start.Line;
            list.Add(Node(below, depth + 1));
        }
        return list;
    }

    private JsonNode? Value(Scalar scalar)
    {
        bool text = !scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str";
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific && !text) throw Wrong(scalar.Start, $"a value without a tag, got '{scalar.Tag}'");
        string value = scalar.Value;
        if (text || scalar.Style is not ScalarStyle.Plain) return JsonValue.Create(value);
        if (value is "" or "~" or "null" or "Null" or "NULL") return null;
        if (value is "true" or "True" or "TRUE") return JsonValue.Create(true);
        if (value is "false" or "False" or "FALSE") return JsonValue.Create(false);
        if (!NumberText().IsMatch(value)) return JsonValue.Create(value);
        double number = double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number)) throw Wrong(scalar.Start, $"a number that fits 64 bits, got {value}");
        // One spelling per number, so that 1, 1.0 and 1e0 are the same study.
        return JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture));
    }

    private void Count(int nodes, Mark at)
    {
        _nodes += nodes;
        if (_nodes > MostNodes) throw Wrong(at, $"at most {MostNodes} values, aliases included");
    }

    private SpecException Wrong(Mark at, string expected) => new($"{file}:{at.Line}: expected {expected}");

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberText();
}
