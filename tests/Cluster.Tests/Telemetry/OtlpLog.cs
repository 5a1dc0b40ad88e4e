namespace Hone.Cluster.Tests.Telemetry;

/// <summary>A log record as it came by OTLP.</summary>
internal sealed record OtlpLog(string Process, string Category, string Body, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>All records of a request's body (ExportLogsServiceRequest).</summary>
    public static IEnumerable<OtlpLog> Read(byte[] body) =>
        from resource in new Wire(body).Messages(1)
        from scope in resource.Messages(2)
        from record in scope.Messages(2)
        select new OtlpLog(OtlpSpan.ProcessOf(resource), scope.Message(1).Text(1), Wire.Value(record.Message(5)), record.Attributes(6));
}
