using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Export;

/// <summary>manifest.json: indented, in the order of the records, invariant numbers, "\n" at line ends; equal manifests give equal bytes.</summary>
public static class ManifestJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 16,
        Converters = { new GenesJson() },
    };

    public static byte[] Write(Manifest manifest) => [.. JsonSerializer.SerializeToUtf8Bytes(manifest, Options), (byte)'\n'];

    /// <exception cref="HoneException">The text is no manifest of a format that is known here.</exception>
    public static Manifest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            Manifest manifest = JsonSerializer.Deserialize<Manifest>(json, Options) ?? throw new HoneException("expected a manifest, got null");
            return manifest.Format == Manifest.CurrentFormat ? manifest
                : throw new HoneException($"expected a manifest of format {Manifest.CurrentFormat}, got {manifest.Format}; use the version that wrote it");
        }
        catch (Exception error) when (error is JsonException or FormatException or DecoderFallbackException)
        {
            throw new HoneException($"the manifest is not readable: {error.Message.ReplaceLineEndings(" ")}; export the model again", error);
        }
    }

    /// <summary>Genes as one object, {"name": "value"}, in their order.</summary>
    private sealed class GenesJson : JsonConverter<ValueList<GeneValue>>
    {
        public override ValueList<GeneValue> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected genes as an object");
            var genes = new List<GeneValue>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw new JsonException($"expected text for gene '{name}'");
                if (genes.Exists(gene => gene.Name == name)) throw new JsonException($"gene '{name}' stands twice");
                genes.Add(new GeneValue(name, reader.GetString()!));
            }
            return genes.ToValueList();
        }

        public override void Write(Utf8JsonWriter writer, ValueList<GeneValue> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (GeneValue gene in value) writer.WriteString(gene.Name, gene.Value);
            writer.WriteEndObject();
        }
    }
}
