using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>How a training went, as points to draw: [{stage, step, steps, values}].</summary>
internal static class TrainingPoints
{
    /// <summary>What a silo has heard.</summary>
    public static JsonArray Of(ValueList<Progress> history) => new([.. history.Select(p => (JsonNode)Point(p.Stage, p.Step, p.Steps,
        p.Values.Where(v => double.IsFinite(v.Value)).DistinctBy(v => v.Name).Select(v => KeyValuePair.Create(v.Name, (JsonNode?)v.Value))))]);

    /// <summary>The content of a member's training.json: what is left of a training once it is over.</summary>
    /// <exception cref="HoneException">Something else.</exception>
    public static JsonArray Of(byte[] file)
    {
        try
        {
            return new JsonArray([.. JsonNode.Parse(file)!["curves"]!.AsArray().SelectMany(curve => Of(curve!))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException or ArgumentOutOfRangeException)
        {
            throw new HoneException($"expected the curves of a training, its file holds something else ({e.Message}); export the study and look at it", e);
        }
    }

    private static IEnumerable<JsonNode> Of(JsonNode curve)
    {
        JsonArray points = curve["points"]!.AsArray();
        long steps = points.Count == 0 ? 0 : (long)points[^1]![0]!;
        return points.Select(p => Point((string)curve["name"]!, (long)p![0]!, steps, [KeyValuePair.Create((string)curve["metric"]!, (JsonNode?)p[1]!.DeepClone())]));
    }

    private static JsonObject Point(string stage, long step, long steps, IEnumerable<KeyValuePair<string, JsonNode?>> values) =>
        new() { ["stage"] = stage, ["step"] = step, ["steps"] = steps, ["values"] = new JsonObject(values) };
}
