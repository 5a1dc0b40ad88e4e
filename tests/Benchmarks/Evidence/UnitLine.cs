using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>A finished unit as it is kept: one line of NAME.units.jsonl.</summary>
/// <param name="From">Hashes of the blobs that it read: weights trained again on another kind of processor differ, and what was found with the old ones is stale.</param>
/// <param name="Blob">Hash of the blob that it left.</param>
/// <param name="Seconds">Measured wall time.</param>
/// <param name="Idle">Whether the sentinel found the machine idle before and after.</param>
/// <param name="Numerics">What the last bits depend on.</param>
internal sealed record UnitLine(string Id, string Key, ValueList<string> From, string? Blob, JsonObject Found, double Seconds, bool Idle, string Numerics)
{
    public string Text() => new JsonObject
    {
        ["id"] = Id, ["key"] = Key, ["from"] = new JsonArray([.. From.Select(f => (JsonNode)f)]), ["blob"] = Blob, ["result"] = Found.DeepClone(),
        ["seconds"] = Math.Round(Seconds, 2), ["idle"] = Idle ? "yes" : "no", ["numerics"] = Numerics,
    }.ToJsonString(StudyJson.Options);

    /// <exception cref="HoneException">Not such a line.</exception>
    public static UnitLine Parse(string text)
    {
        try
        {
            JsonObject o = JsonNode.Parse(text)!.AsObject();
            return new UnitLine((string)o["id"]!, (string)o["key"]!, o["from"]!.AsArray().Select(f => (string)f!).ToValueList(), (string?)o["blob"],
                (JsonObject)o["result"]!.DeepClone(), (double)o["seconds"]!, (string?)o["idle"] == "yes", (string)o["numerics"]!);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new HoneException($"evidence: expected a unit's line, got '{text[..Math.Min(60, text.Length)]}': remove the line; its unit runs again", e);
        }
    }
}
