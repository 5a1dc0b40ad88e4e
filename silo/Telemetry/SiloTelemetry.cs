using Hone.Contracts.Telemetry;
using Hone.Grains.Telemetry;
using Hone.Silo.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hone.Silo.Telemetry;

/// <summary>
/// Meters, traces and logs. They leave by OTLP where the standard variables name a receiver ($OTEL_EXPORTER_OTLP_ENDPOINT and its kin); the meters are there to be scraped in
/// any case, on the port of <see cref="HealthServer"/>.
/// </summary>
internal static class SiloTelemetry
{
    private static readonly string[] Receivers =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"];

    /// <summary>Before Orleans is added: health is served while a silo still joins, and after it left.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, SiloOptions options, Cluster cluster)
    {
        builder.Services.AddSingleton(TrialSampling.Parse(builder.Configuration[TrialSampling.Variable])).AddSingleton(cluster).AddSingleton<StoreProbe>().AddSingleton<Readiness>().AddSingleton<HealthServer>().AddHostedService(services => services.GetRequiredService<HealthServer>());
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("hone-silo", serviceVersion: typeof(SiloTelemetry).Assembly.GetName().Version!.ToString(3),
                    serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}")
                .AddAttributes([new("hone.role", options.Role.ToString().ToLowerInvariant())]))
            .WithMetrics(metrics => metrics.AddMeter(HoneMeter.Name, OrleansLabels.Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddRuntimeInstrumentation().AddView(OrleansLabels.Bounded).AddPrometheusExporter());
        if (!Receivers.Any(name => builder.Configuration[name] is { Length: > 0 })) return;
        telemetry.WithTracing(tracing => tracing.AddSource(HoneTrace.Name, "Microsoft.Orleans.Application", "Microsoft.Orleans.Storage")
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !HealthServer.Serves(context.Request.Path)).SetSampler(new ParentBasedSampler(new RootSampler())))
            .WithLogging(null, logs => (logs.IncludeScopes, logs.IncludeFormattedMessage, logs.ParseStateValues) = (true, true, true))
            .UseOtlpExporter();
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>("Hone", LogLevel.Information);   // the console stays at warnings
    }
}
