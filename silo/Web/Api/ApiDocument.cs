using System.Text.Json.Serialization.Metadata;

namespace Hone.Silo.Web.Api;

/// <summary>The OpenAPI document: where it is, and how it sees the records.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    /// <summary>
    /// Records as sets of properties, for describing alone: a constructor's parameter whose default is a struct's (an empty list) cannot be described.
    /// Nothing is read or written by it.
    /// </summary>
    public static readonly IJsonTypeInfoResolver Shapes = new DefaultJsonTypeInfoResolver { Modifiers = { WithoutConstructor } };

    private static void WithoutConstructor(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object && !type.Type.IsAbstract && type.Type.Namespace?.StartsWith("Hone.", StringComparison.Ordinal) == true)
            type.CreateObject = () => throw new NotSupportedException();
    }
}
