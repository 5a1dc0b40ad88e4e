using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>One text per value: object keys in ordinal order, no spaces. Its SHA-256 names a piece of work.</summary>
internal static class CanonicalJson
{
    public static string Text(JsonNode? node) => Sorted(node)?.ToJsonString(StudyJson.Options) ?? "null";

    /// <summary>Lower-case hex.</summary>
    public static string Hash(JsonNode? node) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(node))));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
