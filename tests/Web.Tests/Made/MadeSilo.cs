using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Contracts;
using Hone.Model;
using Hone.Silo.Web.Api;
using Hone.Silo.Web.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Hone.Web.Tests.Made;

/// <summary>Serves the page, and the API's routes with made studies, on loopback. Tokens are "viewer", "operator" and "admin".</summary>
internal sealed class MadeSilo : IAsyncDisposable
{
    private const string Cookie = "hone";

    private static readonly JsonSerializerOptions Json = new(StudyJson.Options) { Converters = { new JsonStringEnumConverter() } };

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<CancellationTokenSource, bool> _streams = new();

    private MadeSilo(IReadOnlyList<MadeStudy> studies)
    {
        Studies = studies.ToDictionary(s => s.Name);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use(async (context, next) =>
        {
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            if (Down && context.Request.Path.StartsWithSegments("/api"))
            {
                await Refuse(context, 503, "the cluster is starting");
                return;
            }
            await next(context);
        });
        _app.UsePage();
        Map(_app.MapGroup("/api/v1"));
    }

    public IReadOnlyDictionary<string, MadeStudy> Studies { get; }

    public string Address => _app.Urls.First();

    /// <summary>What was asked, as "GET /api/v1/studies".</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers 503 to every request of the API.</summary>
    public bool Down { get; set; }

    public static async Task<MadeSilo> Start(IReadOnlyList<MadeStudy> studies)
    {
        var silo = new MadeSilo(studies);
        await silo._app.StartAsync();
        return silo;
    }

    /// <summary>Breaks off all streams of trials, as a dying silo does.</summary>
    public void BreakStreams()
    {
        foreach (CancellationTokenSource stream in _streams.Keys) stream.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        BreakStreams();
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }

    private void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session", async (HttpContext context) =>
        {
            string? token = (await context.Request.ReadFromJsonAsync<Dictionary<string, string>>())?["token"];
            if (token is not ("viewer" or "operator" or "admin")) return Problem(401, "this token is not known");
            context.Response.Cookies.Append(Cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
            return Results.NoContent();
        });
        api.MapDelete("/session", (HttpContext context) => { context.Response.Cookies.Delete(Cookie); return Results.NoContent(); });
        RouteGroupBuilder viewer = api.MapGroup("").AddEndpointFilter(async (context, next) => RoleOf(context.HttpContext) is null ? Problem(401, "expected a token") : await next(context));
        viewer.MapGet("/session", (HttpContext context) => Results.Json(new { role = RoleOf(context), name = "made" }));
        viewer.MapGet("/studies", () => Results.Json(Studies.Values.Select(s => s.Status()), Json));
        viewer.MapGet("/studies/{name}", (string name) => Of(name, study => Results.Json(study.Status(), Json)));
        viewer.MapGet("/studies/{name}/trials", (string name, int? from, string? at) => Of(name, study => Results.Bytes(at is null ? study.Lines(from ?? 0) : study.Lines(at), "application/x-ndjson")));
        viewer.MapGet("/studies/{name}/columns", (string name, int? from) => Of(name, study => Results.Stream(async body => { foreach (byte[] frame in study.Columns(from ?? 0)) await body.WriteAsync(frame); }, ColumnFrames.Type)));
        viewer.MapGet("/studies/{name}/training", (string name) => Of(name, study => Results.Text(study.Training, "application/json")));
        viewer.MapGet("/studies/{name}/explain", (string name, string candidate) => Of(name, study => Results.Json(MadeAnswers.Explain(candidate, name == MadeStudies.Hostile), Json)));
        viewer.MapGet("/studies/{name}/watch", Watch);
        viewer.MapGet("/cluster", () => Results.Text(MadeAnswers.Cluster, "application/json"));
        viewer.MapGet("/devices", () => Results.Text(MadeAnswers.Devices, "application/json"));
        foreach ((string verb, StudyPhase phase) in new[] { ("pause", StudyPhase.Paused), ("resume", StudyPhase.Search), ("retry", StudyPhase.Search), ("stop", StudyPhase.Done) })
            viewer.MapPost($"/studies/{{name}}/{verb}", (string name, HttpContext context) => RoleOf(context) == "viewer" ? Problem(403, "expected the role operator")
                : Of(name, study => Results.Json(study.In(phase, phase == StudyPhase.Paused ? "paused on request" : null).Status(), Json)));
    }

    private async Task Watch(string name, int? from, HttpContext context)
    {
        if (!Studies.TryGetValue(name, out MadeStudy? study))
        {
            await Refuse(context, 404, "no such study");
            return;
        }
        using var stream = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _streams[stream] = true;
        context.Response.ContentType = "text/event-stream";
        int next = int.TryParse(context.Request.Headers["Last-Event-ID"], out int last) ? last : from ?? 0;
        try
        {
            while (true)
            {
                Task changed = study.Changed;
                StudyStatus status = study.Status();
                string[] lines = Encoding.UTF8.GetString(study.Lines(next).Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                next += lines.Length;
                await context.Response.WriteAsync($"event: update\nid: {next}\ndata: {{\"status\":{JsonSerializer.Serialize(status, Json)},\"trials\":[{string.Join(',', lines)}]}}\n\n", stream.Token);
                await context.Response.Body.FlushAsync(stream.Token);
                if (status.Phase is StudyPhase.Done or StudyPhase.Failed or StudyPhase.Paused) return;
                await changed.WaitAsync(stream.Token);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            _streams.TryRemove(stream, out _);
        }
    }

    private IResult Of(string name, Func<MadeStudy, IResult> answer) => Studies.TryGetValue(name, out MadeStudy? study) ? answer(study) : Problem(404, $"no study named '{name}'");

    private static string? RoleOf(HttpContext context) => context.Request.Cookies[Cookie];

    private static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    private static async Task Refuse(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { title = detail, status, detail });
    }
}
