using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>The SHA-256 of some bytes in lower-case hex: their name in the content-addressed store.</summary>
[JsonConverter(typeof(Json))]
public readonly record struct BlobId
{
    private readonly string? _hex;

    /// <exception cref="FormatException">Not 64 lower-case hex digits.</exception>
    public BlobId(string hex)
    {
        if (hex.Length != 64 || hex.AsSpan().ContainsAnyExcept("0123456789abcdef"))
            throw new FormatException($"expected 64 lower-case hex digits, got '{(hex.Length > 80 ? hex[..80] : hex)}'");
        _hex = hex;
    }

    public string Hex => _hex ?? throw new InvalidOperationException("an empty BlobId names nothing");

    /// <summary>The name of these bytes.</summary>
    public static BlobId Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    public override string ToString() => _hex ?? "";

    /// <summary>As its hex digits.</summary>
    public sealed class Json : JsonConverter<BlobId>
    {
        public override BlobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, BlobId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Hex);
    }
}
