using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>Reads bodies that anyone may have written: JSON in UTF-8, bounded in size and depth, no key twice, every text whole.</summary>
internal static class RequestBody
{
    public const int MostBytes = 256 << 10;

    /// <summary>What is too large is still received up to here and dropped: whoever has not finished sending would see a broken connection instead of the answer.</summary>
    public const int MostDropped = 4 << 20;

    public const string NotJson = "expected a body of the type application/json", TooLarge = "expected a body of at most 256 KB, got a larger one";

    private const int MostValues = 20_000;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = ApiJson.MostDepth, AllowDuplicateProperties = false };

    /// <summary>The body as a record.</summary>
    /// <exception cref="ApiException">Not JSON, or too large.</exception>
    /// <exception cref="SpecException">Not such a record.</exception>
    public static async Task<T> Read<T>(HttpContext context) => As<T>(await Read(context));

    /// <summary>Values as a record.</summary>
    /// <exception cref="SpecException">Not such a record.</exception>
    public static T As<T>(JsonObject body)
    {
        try
        {
            return body.Deserialize<T>(ApiJson.Strict) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NotSupportedException)
        {
            throw new SpecException($"body: expected {Shape(typeof(T))}, got something else ({e.Message.ReplaceLineEndings(" ")})");
        }
    }

    /// <summary>The body's values, numbers in one spelling (1, 1.0 and 1e0 are the same study).</summary>
    /// <exception cref="ApiException">Not JSON, or too large.</exception>
    /// <exception cref="SpecException">Not one JSON object.</exception>
    public static async Task<JsonObject> Read(HttpContext context)
    {
        if (!context.Request.HasJsonContentType()) throw new ApiException(StatusCodes.Status415UnsupportedMediaType, NotJson);
        if (context.Request.ContentLength > MostBytes) throw new ApiException(StatusCodes.Status413PayloadTooLarge, TooLarge);
        return Parse(await Bytes(context.Request.Body, context.RequestAborted));
    }

    /// <exception cref="SpecException">Not one bounded JSON object.</exception>
    internal static JsonObject Parse(byte[] bytes)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(Utf8.GetString(bytes), documentOptions: Bounded);
            int values = 0;
            return Plain(node, ref values) as JsonObject ?? throw new SpecException($"body: expected a JSON object, got {(node is null ? "null" : node.GetValueKind().ToString().ToLowerInvariant())}");
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException or ArgumentException)
        {
            throw new SpecException($"body: expected JSON in UTF-8, at most {ApiJson.MostDepth} levels deep and no key twice, got something else ({e.Message.ReplaceLineEndings(" ")})");
        }
    }

    private static async Task<byte[]> Bytes(Stream body, CancellationToken cancel)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
        {
            all.Write(buffer, 0, read);
            if (all.Length > MostBytes) throw new ApiException(StatusCodes.Status413PayloadTooLarge, TooLarge);
        }
        return all.ToArray();
    }

    // Made anew, so that every text has been decoded: half a surrogate pair is found here and nowhere later.
    private static JsonNode? Plain(JsonNode? node, ref int values)
    {
        if (++values > MostValues) throw new SpecException($"body: expected at most {MostValues} values, got more");
        switch (node)
        {
            case null: return null;
            case JsonObject map:
                var read = new JsonObject();
                foreach (var (key, value) in map) read[key] = Plain(value, ref values);
                return read;
            case JsonArray list:
                var items = new JsonArray();
                foreach (JsonNode? item in list) items.Add(Plain(item, ref values));
                return items;
        }
        return node.GetValueKind() switch
        {
            JsonValueKind.Number => Number(node.ToJsonString()),
            JsonValueKind.String => JsonValue.Create(node.GetValue<string>()),
            JsonValueKind kind => JsonValue.Create(kind == JsonValueKind.True),
        };
    }

    private static JsonNode Number(string text)
    {
        double number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture))! : throw new SpecException($"body: expected numbers that fit 64 bits, got {(text.Length > 40 ? text[..40] + "..." : text)}");
    }

    private static string Shape(Type type) =>
        "{" + string.Join(", ", type.GetConstructors()[0].GetParameters().Select(p => $"\"{JsonNamingPolicy.CamelCase.ConvertName(p.Name!)}\"{(p.HasDefaultValue ? "?" : "")}: ...")) + "}";
}
