using Hone.Contracts.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hone.Client.Telemetry;

/// <summary>A command's own spans, sent by OTLP where the standard variables name a receiver; without one nothing of it is loaded.</summary>
internal static class ClientTelemetry
{
    private static readonly string[] Receivers = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Begins; what it gives back sends the rest when it is disposed of. Null: there is no receiver.</summary>
    public static IDisposable? Start() => Receivers.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }) ? Provider() : null;

    private static TracerProvider? Provider() => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("hone", serviceVersion: typeof(ClientTelemetry).Assembly.GetName().Version!.ToString(3),
            serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}"))
        .AddSource(HoneTrace.Name, "Microsoft.Orleans.Application")
        .SetSampler(new ParentBasedSampler(new RootSampler()))
        .AddOtlpExporter()
        .Build();

    /// <summary>As the silos': calls begin no trace.</summary>
    private sealed class RootSampler : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(Span.MayBegin(samplingParameters.Name) ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }
}
