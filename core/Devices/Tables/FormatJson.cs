using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>A number format as its short text where that says all, else in full.</summary>
internal sealed class FormatJson : JsonConverter<NumberFormat>
{
    public override NumberFormat? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) return JsonSerializer.Deserialize<NumberFormat>(ref reader, StudyJson.Options);
        string text = reader.GetString()!;
        return FormatText.Parse(text)
            ?? throw new JsonException($"expected a number format like 'i8', 'u6', 'i4r' or 'f32', got '{(text.Length > 40 ? text[..40] : text)}'");
    }

    public override void Write(Utf8JsonWriter writer, NumberFormat value, JsonSerializerOptions options)
    {
        string text = FormatText.Of(value);
        if (FormatText.Parse(text) == value) writer.WriteStringValue(text);
        else JsonSerializer.Serialize(writer, value, StudyJson.Options);
    }
}
