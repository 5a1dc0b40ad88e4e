using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>
/// The stable text forms: a line of trials.jsonl, front.json. They carry no clock, host or duration, so two runs of one seed
/// can be compared byte by byte.
/// </summary>
public static class StudyJson
{
    /// <summary>The one rule for Model records on the wire and in files: camel case, no nulls, compact.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowOutOfOrderMetadataProperties = true,
    };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true, NewLine = "\n" };

    /// <summary>One line of trials.jsonl, without the line end.</summary>
    public static string Line(Trial trial, SearchSpace space)
    {
        var line = new JsonObject { ["ordinal"] = trial.Ordinal, ["key"] = trial.Key, ["genes"] = Genes(space.Parse(trial.Key)) };
        switch (trial.Outcome)
        {
            case Outcome.Evaluated evaluated: line["measurements"] = Measurements(evaluated.Measurements); break;
            case Outcome.Rejected rejected:
                line["rejected"] = new JsonObject { ["constraint"] = rejected.Why.Constraint, ["reason"] = rejected.Why.Reason };
                break;
            case Outcome.Duplicate duplicate: line["duplicate"] = duplicate.Of; break;
            case Outcome.Failed failed: line["failed"] = new JsonObject { ["code"] = failed.Code, ["message"] = failed.Message }; break;
        }
        if (trial.Fidelity is { } fidelity) line["fidelity"] = fidelity;
        if (trial.RetryOf is { } retryOf) line["retryOf"] = retryOf;
        return line.ToJsonString(Options);
    }

    /// <summary>The text of front.json.</summary>
    public static string Text(Front front, SearchSpace space)
    {
        var text = new JsonObject
        {
            ["study"] = front.Study,
            ["method"] = front.Method,
            ["seed"] = front.Seed,
            ["reproducible"] = front.Reproducible,
        };
        if (front.Fidelity is { } fidelity) text["fidelity"] = fidelity;
        text["objectives"] = new JsonArray([.. front.Objectives.Select(o => (JsonNode)new JsonObject
        {
            ["metric"] = o.Metric, ["direction"] = o.Direction == Direction.Maximize ? "max" : "min", ["unit"] = o.Unit,
        })]);
        text["members"] = Members(front.Members, space);
        if (front.Demoted.Count > 0) text["demoted"] = Members(front.Demoted, space);
        return text.ToJsonString(Indented) + "\n";
    }

    /// <summary>Genes as a JSON object; numeric texts as numbers.</summary>
    public static JsonObject Genes(Candidate candidate)
    {
        var genes = new JsonObject();
        foreach (var (name, value) in candidate.Active())
            genes[name] = double.TryParse(value, out _) ? JsonNode.Parse(value) : JsonValue.Create(value);
        return genes;
    }

    /// <summary>A study file's content as canonical text: what is hashed and sent.</summary>
    public static string Canonical(JsonNode node)
    {
        var text = new StringBuilder();
        Append(node, text);
        return text.ToString();
    }

    private static void Append(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject map:
                text.Append('{');
                text.AppendJoin(',', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{JsonValue.Create(p.Key)!.ToJsonString(Options)}:{(p.Value is null ? "null" : Canonical(p.Value))}"));
                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[').AppendJoin(',', list.Select(item => item is null ? "null" : Canonical(item))).Append(']');
                break;
            default: text.Append(node?.ToJsonString(Options) ?? "null"); break;
        }
    }

    private static JsonArray Members(ValueList<FrontMember> members, SearchSpace space) => new([.. members.Select(m => (JsonNode)new JsonObject
    {
        ["ordinal"] = m.Ordinal, ["key"] = m.Key, ["genes"] = Genes(space.Parse(m.Key)), ["measurements"] = Measurements(m.Measurements),
    })]);

    private static JsonNode? Measurements(ValueList<Measurement> measurements) => JsonSerializer.SerializeToNode(measurements, Options);
}
