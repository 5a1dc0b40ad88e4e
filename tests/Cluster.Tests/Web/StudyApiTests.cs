using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Cluster.Tests.Web;

/// <summary>Studies over HTTP: what comes is what the grains say.</summary>
[Collection(ApiSilo.Name)]
public class StudyApiTests(ApiSilo silo)
{
    private readonly HttpClient _operator = silo.As("operator");

    private async Task<List<string>> Journal(string study) => (await silo.Silo.Follow(study)).Lines;

    private async Task<StudyStatus> Status(string path, HttpContent? post = null)
    {
        using HttpResponseMessage answer = post is null ? await _operator.GetAsync(path) : await _operator.PostAsync(path, post);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<StudyStatus>(ApiJson.Options))!;
    }

    [Fact]
    public async Task AStudyIsSubmittedWatchedAndExtended()
    {
        StudyStatus submitted = await Status("/api/v1/studies", ApiSilo.Json(ApiSilo.Spec("made", 30)));
        Assert.Equal(("made", 30), (submitted.Study, submitted.Budget));
        List<(int Id, StudyUpdate Update)> events = await Events("/api/v1/studies/made/watch");
        Assert.Equal(StudyPhase.Done, events[^1].Update.Status.Phase);
        Assert.Equal(await Journal("made"), events.SelectMany(e => e.Update.Trials).Select(t => t.Line));
        Assert.Equal(events[^1].Update.Status.Counts.Committed, events[^1].Id);
        Assert.Equal(40, (await Status("/api/v1/studies/made/extend", ApiSilo.Json("""{"trials":40}"""))).Budget);
        Assert.Equal(40, (await Events($"/api/v1/studies/made/watch?from={events[^1].Id}"))[^1].Update.Status.Counts.Evaluated);
    }

    [Fact]
    public async Task TheStatusIsTheGrainsWithoutTheFolderOfTheSilo()
    {
        StudyStatus grain = await silo.Silo.Grains.GetGrain<IStudyGrain>(ApiSilo.Study).Status();
        Assert.NotEqual("", grain.BlobRoot);
        Assert.Equal(grain with { BlobRoot = "" }, await Status($"/api/v1/studies/{ApiSilo.Study}"));
        StudyStatus listed = (await _operator.GetFromJsonAsync<StudyStatus[]>("/api/v1/studies", ApiJson.Options))!.First(s => s.Study == ApiSilo.Study);
        Assert.Equal(grain with { BlobRoot = "", Artifacts = [] }, listed);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(7, 5)]
    [InlineData(39, 100)]
    [InlineData(0, 0)]
    [InlineData(1_000_000, null)]
    [InlineData(3, int.MaxValue)]
    public async Task TrialsAreTheLinesOfTheJournal(int from, int? limit)
    {
        using HttpResponseMessage answer = await _operator.GetAsync($"/api/v1/studies/{ApiSilo.Study}/trials?from={from}{(limit is null ? "" : $"&limit={limit}")}");
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        string[] lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((await Journal(ApiSilo.Study)).Skip(from).Take(limit ?? int.MaxValue), lines);
    }

    [Fact]
    public async Task TrialsOfSomeOrdinalsComeInTheOrderAskedFor()
    {
        string[] journal = [.. await Journal(ApiSilo.Study)];
        int[] at = [.. Enumerable.Range(0, 500).Select(i => i * 7 % journal.Length)];   // more than a message holds
        string answer = await _operator.GetStringAsync($"/api/v1/studies/{ApiSilo.Study}/trials?at={string.Join(',', at)},{journal.Length},2000000000");
        Assert.Equal(at.Select(i => journal[i]), answer.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(1_000_000)]
    public async Task ColumnsAreTheNumbersOfTheJournal(int from)
    {
        using HttpResponseMessage answer = await _operator.GetAsync($"/api/v1/studies/{ApiSilo.Study}/columns?from={from}");
        Assert.Equal("application/vnd.hone.columns", answer.Content.Headers.ContentType!.MediaType);
        byte[] frame = await answer.Content.ReadAsByteArrayAsync();
        Trial[] trials = [.. (await Journal(ApiSilo.Study)).Skip(from).Select(line => TrialLine.Parse(line).Trial)];
        Assert.Equal(trials.Length == 0, frame.Length == 0);
        if (frame.Length == 0) return;
        int end = frame.IndexOf((byte)'\n');
        JsonNode head = JsonNode.Parse(frame.AsSpan(0, end))!;
        Assert.Equal((from, trials.Length), ((int)head["from"]!, (int)head["count"]!));
        byte[] codes = [.. trials.Select(t => (byte)(t.Outcome switch { Outcome.Evaluated => 0, Outcome.Rejected => 1, Outcome.Duplicate => 2, _ => 3 }))];
        Assert.Equal(codes, frame.AsSpan(end + 1, trials.Length).ToArray());
        JsonArray metrics = head["metrics"]!.AsArray();
        Assert.Equal(trials.SelectMany(t => t.Measurements).Select(m => m.Metric).Distinct(), metrics.Select(m => (string)m!["metric"]!));
        for (int k = 0; k < metrics.Count; k++)
        {
            Measurement first = trials.SelectMany(t => t.Measurements).First(m => m.Metric == (string)metrics[k]!["metric"]!);
            Assert.Equal((first.Unit, $"{first.Origin}"), ((string)metrics[k]!["unit"]!, (string)metrics[k]!["origin"]!));
            for (int i = 0; i < trials.Length; i++)
                Assert.Equal(trials[i].Value(first.Metric) ?? double.NaN, BitConverter.ToDouble(frame, end + 1 + trials.Length + 8 * (k * trials.Length + i)));
        }
        Assert.Equal(end + 1 + trials.Length * (1 + 8 * metrics.Count), frame.Length);
    }

    [Fact]
    public async Task AConnectionThatWasLostIsTakenUpByTheLastEventId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/studies/{ApiSilo.Study}/watch") { Headers = { { "Last-Event-ID", "38" } } };
        List<(int Id, StudyUpdate Update)> events = await Events(request);
        Assert.Equal((await Journal(ApiSilo.Study)).Skip(38), events.SelectMany(e => e.Update.Trials).Select(t => t.Line));
    }

    [Fact]
    public async Task ResultFilesComeByTheirPathAndBlobsByTheirHash()
    {
        StudyStatus status = await silo.Silo.Grains.GetGrain<IStudyGrain>(ApiSilo.Study).Status();
        foreach (Artifact file in status.Artifacts.AsEnumerable())
        {
            byte[] byPath = await _operator.GetByteArrayAsync($"/api/v1/studies/{ApiSilo.Study}/artifacts/{file.Path}"), byHash = await _operator.GetByteArrayAsync($"/api/v1/blobs/{file.Blob}");
            Assert.Equal(file.Blob, BlobId.Of(byPath));
            Assert.Equal(byPath, byHash);
        }
        using HttpResponseMessage front = await _operator.GetAsync($"/api/v1/studies/{ApiSilo.Study}/artifacts/front.json");
        Assert.Equal(("application/json", "attachment"), (front.Content.Headers.ContentType!.MediaType, front.Content.Headers.ContentDisposition!.DispositionType));
    }

    [Fact]
    public async Task ExplainTellsWhatTheGrainTells()
    {
        Explained over = (await _operator.GetFromJsonAsync<Explained>($"/api/v1/studies/{ApiSilo.Study}/explain?candidate=3", ApiJson.Options))!;
        Explained grain = await silo.Silo.Grains.GetGrain<IStudyGrain>(ApiSilo.Study).Explain("3");
        Assert.Equal(JsonSerializer.Serialize(grain, ApiJson.Options), JsonSerializer.Serialize(over, ApiJson.Options));
        Assert.Equal(3, over.Explanation!.Trial!.Ordinal);
        using HttpResponseMessage beyond = await _operator.GetAsync($"/api/v1/studies/{ApiSilo.Study}/explain?candidate=4000");
        Assert.Equal(HttpStatusCode.BadRequest, beyond.StatusCode);
        Assert.Contains("below", await beyond.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task TheClusterIsItsSiloItsSlotAndItsQueue()
    {
        JsonNode cluster = (await _operator.GetFromJsonAsync<JsonNode>("/api/v1/cluster"))!;
        JsonNode one = Assert.Single(cluster["silos"]!.AsArray())!;
        Assert.Equal(("both", "active"), ((string)one["role"]!, (string)one["status"]!));
        JsonNode slot = Assert.Single(cluster["slots"]!.AsArray())!;
        Assert.EndsWith("/0", (string)slot["name"]!);
        Assert.NotEqual("", (string)slot["numerics"]!);
        Assert.InRange((long)slot["memory"]!, 1L << 27, 1L << 42);
        Assert.Equal((0, 0), ((int)cluster["queue"]!["waiting"]!, (int)cluster["queue"]!["leased"]!));
        JsonNode[] devices = [.. (await _operator.GetFromJsonAsync<JsonArray>("/api/v1/devices"))!.Select(d => d!)];
        Assert.Contains(devices, d => (string)d["name"]! == "zcu102" && (int)d["dsp"]! == 2_520);
    }

    [Fact]
    public async Task TheDocumentNamesEveryPathOfTheApi()
    {
        JsonNode document = (await _operator.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;
        string[] paths = [.. document["paths"]!.AsObject().Select(p => p.Key)];
        foreach (var (_, route, _) in Silo.Web.Security.RouteAccess.Table.Where(r => r.Route.StartsWith("/api", StringComparison.Ordinal)))
            Assert.Contains(route.Replace("{**path}", "{path}", StringComparison.Ordinal), paths);
        Assert.All(paths, p => Assert.False(p.StartsWith("/dashboard", StringComparison.Ordinal)));
    }

    private Task<List<(int Id, StudyUpdate Update)>> Events(string path) => Events(new HttpRequestMessage(HttpMethod.Get, path));

    private async Task<List<(int Id, StudyUpdate Update)>> Events(HttpRequestMessage request)
    {
        using HttpResponseMessage answer = await _operator.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var events = new List<(int Id, StudyUpdate Update)>();
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(await answer.Content.ReadAsStreamAsync(), (type, data) => (type, Encoding.UTF8.GetString(data))).EnumerateAsync())
        {
            Assert.Equal("update", item.EventType);
            events.Add((int.Parse(item.EventId!), JsonSerializer.Deserialize<StudyUpdate>(item.Data.Item2, ApiJson.Options)!));
        }
        return events;
    }
}
