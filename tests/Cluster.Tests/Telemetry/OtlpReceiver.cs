using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>What a collector is to a silo: takes traces, meters and logs by OTLP over HTTP (protobuf) on loopback.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpSpan> _spans = [];
    private readonly ConcurrentQueue<OtlpLog> _logs = [];
    private readonly ConcurrentDictionary<(string Process, string Meter), bool> _meters = [];
    private readonly SemaphoreSlim _came = new(0);

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        Take("/v1/traces", body => Add(_spans, OtlpSpan.Read(body)));
        Take("/v1/logs", body => Add(_logs, OtlpLog.Read(body)));
        Take("/v1/metrics", body =>
        {
            foreach (Wire resource in new Wire(body).Messages(1))
                foreach (Wire metric in resource.Messages(2).SelectMany(scope => scope.Messages(2))) _meters[(OtlpSpan.ProcessOf(resource), metric.Text(1))] = true;
        });
    }

    /// <summary>Everything that came so far.</summary>
    public IReadOnlyCollection<OtlpSpan> Spans => _spans;

    /// <inheritdoc cref="Spans"/>
    public IReadOnlyCollection<OtlpLog> Logs => _logs;

    /// <inheritdoc cref="Spans"/>
    public ICollection<(string Process, string Meter)> Meters => _meters.Keys;

    /// <summary>The standard variables that send a process's telemetry here, often enough for a test.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.First(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200", ["OTEL_BLRP_SCHEDULE_DELAY"] = "200", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    public static async Task<OtlpReceiver> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for requests until what came is enough.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public async Task Until(Func<OtlpReceiver, bool> enough, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!enough(this))
        {
            try
            {
                await _came.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{what} never came: {_spans.Count} spans ({string.Join(", ", _spans.GroupBy(s => $"{s.Process}/{s.Name}").Select(g => $"{g.Count()} {g.Key}"))})");
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Take(string path, Action<byte[]> take) => _app.MapPost(path, async (HttpRequest request, HttpResponse response) =>
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        take(body.ToArray());
        _came.Release();
        response.ContentType = "application/x-protobuf";   // an empty answer is the empty message: all was taken
    });

    private static void Add<T>(ConcurrentQueue<T> queue, IEnumerable<T> items)
    {
        foreach (T item in items) queue.Enqueue(item);
    }
}
