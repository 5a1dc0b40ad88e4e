using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Contracts;

/// <summary>What a caller may do. Operator includes viewer, admin includes both; a device speaks for itself and for nothing else.</summary>
public enum AccessRole { Device, Viewer, Operator, Admin }

/// <summary>A role, with the device's name where it is a device's. Its text is viewer, operator, admin or device:NAME.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.grant")]
[JsonConverter(typeof(Json))]
public sealed record Grant([property: Id(0)] AccessRole Role, [property: Id(1)] string? Device = null)
{
    private const string DevicePrefix = "device:";

    /// <exception cref="SpecException">No such role, or no name that a device can have.</exception>
    public static Grant Parse(string text) => text switch
    {
        "viewer" => new Grant(AccessRole.Viewer),
        "operator" => new Grant(AccessRole.Operator),
        "admin" => new Grant(AccessRole.Admin),
        _ when text.StartsWith(DevicePrefix, StringComparison.Ordinal) && StudySpec.IsName(text[DevicePrefix.Length..]) => new Grant(AccessRole.Device, text[DevicePrefix.Length..]),
        _ => throw new SpecException($"role: expected viewer, operator, admin or device:NAME, got '{(text.Length > 80 ? text[..80] + "..." : text)}'"),
    };

    /// <summary>Whether it includes a role.</summary>
    public bool Includes(AccessRole role) => role == AccessRole.Device ? Role == AccessRole.Device : Role >= role;

    public override string ToString() => Role == AccessRole.Device ? DevicePrefix + Device : Role.ToString().ToLowerInvariant();

    internal sealed class Json : JsonConverter<Grant>
    {
        public override Grant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Grant value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
