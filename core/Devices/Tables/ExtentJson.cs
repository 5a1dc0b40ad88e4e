using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>A fixed size as its number, every other in full.</summary>
internal sealed class ExtentJson : JsonConverter<Extent>
{
    private const string Name = "n";

    public override Extent? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? Extent.Fixed(Name, reader.GetInt32()) : JsonSerializer.Deserialize<Extent>(ref reader, StudyJson.Options);

    public override void Write(Utf8JsonWriter writer, Extent value, JsonSerializerOptions options)
    {
        if (value.Distribution.Count == 1 && value == Extent.Fixed(Name, value.Distribution[0].N)) writer.WriteNumberValue(value.Distribution[0].N);
        else JsonSerializer.Serialize(writer, value, StudyJson.Options);
    }
}
