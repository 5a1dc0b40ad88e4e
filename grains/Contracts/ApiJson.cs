using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Contracts;

/// <summary>How records travel over HTTP: the Model's rule, phases in lower case, a trial as its line of trials.jsonl.</summary>
public static class ApiJson
{
    /// <summary>How deep a body may be nested.</summary>
    public const int MostDepth = 32;

    public static readonly JsonSerializerOptions Options = new(StudyJson.Options)
    {
        Converters = { new JsonStringEnumConverter<StudyPhase>(JsonNamingPolicy.CamelCase), new TrialLineJson() },
    };

    /// <summary>For what comes from outside: nothing unknown, nothing twice, nothing missing.</summary>
    public static readonly JsonSerializerOptions Strict = new(Options)
    {
        MaxDepth = MostDepth, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
        RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    private sealed class TrialLineJson : JsonConverter<TrialLine>
    {
        public override TrialLine Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using JsonDocument line = JsonDocument.ParseValue(ref reader);
            return TrialLine.Parse(line.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, TrialLine value, JsonSerializerOptions options) => writer.WriteRawValue(value.Line, skipInputValidation: true);
    }
}
