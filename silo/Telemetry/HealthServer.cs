using System.Text;
using Hone.Contracts;
using Hone.Data;
using Hone.Silo.Hosting;
using OpenTelemetry.Metrics;

namespace Hone.Silo.Telemetry;

/// <summary>
/// Health and metrics on a port of their own, without a token: <c>/health/live</c> (this process answers; nothing else is asked), <c>/health/ready</c>
/// (<see cref="Readiness"/>) and <c>/metrics</c> in Prometheus' text format. Where it listens stands in DATA/health.url.
/// </summary>
internal sealed class HealthServer(SiloOptions options, Readiness readiness, MeterProvider meters) : IHostedService, IAsyncDisposable
{
    private const string Health = "/health", Metrics = "/metrics";
    private WebApplication? _app;

    /// <summary>Whether a request is one of its own: those are asked all the time and begin no trace.</summary>
    public static bool Serves(PathString path) => path.StartsWithSegments(Health) || path.StartsWithSegments(Metrics);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.HealthUrls);
        builder.Services.AddSingleton<IHostLifetime, Kept>();
        _app = builder.Build();
        _app.MapGet($"{Health}/live", () => "alive").DisableHttpMetrics();
        _app.MapGet($"{Health}/ready", async () => await readiness.Missing() is { } why ? Results.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready")).DisableHttpMetrics();
        _app.MapPrometheusScrapingEndpoint(Metrics, meters, null, null).DisableHttpMetrics();
        await _app.StartAsync(cancellationToken);
        AtomicFile.Write(UrlFile, stream => stream.Write(Encoding.ASCII.GetBytes(_app.Urls.First())));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;
        File.Delete(UrlFile);
        await _app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private string UrlFile => Path.Combine(options.DataFolder, ClusterAddress.HealthFile);

    /// <summary>Ends with the silo: the signals of the process are the silo's.</summary>
    private sealed class Kept : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
