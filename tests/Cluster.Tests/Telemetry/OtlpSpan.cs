namespace Hone.Cluster.Tests.Telemetry;

/// <summary>A span as it came by OTLP.</summary>
/// <param name="Process">service.name and hone.role of the process that sent it ("hone", "hone-silo control").</param>
/// <param name="Begin">Nanoseconds since 1970.</param>
/// <param name="End">Nanoseconds since 1970.</param>
/// <param name="Links">Trace ids that it links to.</param>
internal sealed record OtlpSpan(
    string Process, string Scope, string Trace, string Id, string Parent, string Name, long Begin, long End, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links)
{
    /// <summary>All spans of a request's body (ExportTraceServiceRequest of opentelemetry-proto).</summary>
    public static IEnumerable<OtlpSpan> Read(byte[] body) =>
        from resource in new Wire(body).Messages(1)
        let process = ProcessOf(resource)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new OtlpSpan(process, scope.Message(1).Text(1), span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (long)span.Number(7), (long)span.Number(8), span.Attributes(9),
            [.. span.Messages(13).Select(link => link.Hex(1))]);

    /// <summary>Of a message with a resource in its first field.</summary>
    public static string ProcessOf(Wire resource)
    {
        Dictionary<string, string> attributes = resource.Message(1).Attributes(1);
        return attributes.TryGetValue("hone.role", out string? role) ? $"{attributes["service.name"]} {role}" : attributes["service.name"];
    }
}
