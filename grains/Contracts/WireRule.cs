using Hone.Model;
using Orleans.Serialization;

namespace Hone.Contracts;

/// <summary>The one wire rule: records of Hone.Model travel as JSON, as they are; there are no twins of them.</summary>
public static class WireRule
{
    /// <summary>Registers the rule on a silo or a client.</summary>
    public static ISerializerBuilder AddHoneModel(this ISerializerBuilder builder) =>
        builder.AddJsonSerializer(type => type.Namespace == "Hone.Model", StudyJson.Options);
}
