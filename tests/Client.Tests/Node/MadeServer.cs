using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hone.Model;
using Hone.Node;

namespace Hone.Client.Tests.Node;

/// <summary>A silo's three routes for nodes, played by the test: jobs that it hands out once each, and what came back.</summary>
internal sealed class MadeServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly ConcurrentQueue<MeasureLease> _jobs = new();
    private int _away;

    public MadeServer()
    {
        while (true)
        {
            int port = FreePort();
            _listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                _listener.Start();
                Url = new Uri($"http://127.0.0.1:{port}");
                break;
            }
            catch (HttpListenerException)
            {
                // taken meanwhile
            }
        }
        _ = Serve();
    }

    public Uri Url { get; }

    public ConcurrentQueue<NodeInfo> Asked { get; } = new();

    public BlockingCollection<NodeReport> Reports { get; } = [];

    /// <summary>What a beat is answered.</summary>
    public bool GoOn { get; set; } = true;

    /// <summary>Refuses everything with this status.</summary>
    public int? Refuses { get; set; }

    /// <summary>The next so many requests of a verb are answered 503.</summary>
    public (string Verb, int Times) Away { get; set; }

    public NodeOptions Options => new(Url, "hone_token", "dev");

    /// <summary>The traceparent of the jobs that are handed out.</summary>
    public string? Trace { get; set; }

    public void Hand(string id, params Op[] ops) => _jobs.Enqueue(new MeasureLease(new MeasureJob(id, new Workload(id, Mode.Infer, 1, ops.ToValueList()), Trace: Trace), 7, BeatSeconds: 0.1));

    /// <summary>The next report that a node brings.</summary>
    public NodeReport Next() => Reports.TryTake(out NodeReport? report, TimeSpan.FromSeconds(20)) ? report : throw new TimeoutException("no report came");

    public void Dispose() => _listener.Close();

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = Answer(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Answer(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        string verb = context.Request.Url!.Segments[^1], body = await reader.ReadToEndAsync();
        if (Refuses is { } status) await Write(context, status, """{"title":"no","status":403,"detail":"expected another token"}""", "application/problem+json");
        else if (verb == Away.Verb && Interlocked.Increment(ref _away) <= Away.Times) await Write(context, 503, """{"detail":"starting"}""", "application/problem+json");
        else if (verb == "beat") await Json(context, new BeatAnswer(GoOn));
        else if (verb == "report")
        {
            Reports.Add(JsonSerializer.Deserialize<NodeReport>(body, StudyJson.Options)!);
            await Json(context, new ReportAnswer(true));
        }
        else
        {
            Asked.Enqueue(JsonSerializer.Deserialize<NodeInfo>(body, StudyJson.Options)!);
            if (_jobs.TryDequeue(out MeasureLease? lease)) await Json(context, lease);
            else
            {
                await Task.Delay(50);
                await Write(context, 204, "", null);
            }
        }
    }

    private static Task Json<T>(HttpListenerContext context, T value) => Write(context, 200, JsonSerializer.Serialize(value, StudyJson.Options), "application/json");

    private static async Task Write(HttpListenerContext context, int status, string body, string? type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        if (bytes.Length > 0) await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
