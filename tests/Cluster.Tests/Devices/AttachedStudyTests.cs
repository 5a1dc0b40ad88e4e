using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Hone.Cluster.Tests.Running;
using Hone.Cluster.Tests.Telemetry;
using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Model;
using Hone.Silo.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Cluster.Tests.Devices;

/// <summary>A study on a device that a node in Python serves: it waits for the node, then is priced, searched and finished by what that measures.</summary>
public sealed class AttachedStudyTests : IDisposable
{
    private static readonly string Spec = StudyJson.Canonical(JsonNode.Parse("""
        {"study":"attached","method":"synthetic","data":{"name":"none"},"model":{"problem":"zdt1","variables":4,"levels":5,"cost":"gemm"},"devices":[{"name":"board","kind":"attached"},"zcu102"],
         "objectives":[{"metric":"f1"},{"metric":"latency_ms","device":"board"},{"metric":"latency_ms","device":"zcu102"}],"search":{"population":8,"window":4},"budget":{"trials":30},"finish":{"members":3}}
        """)!);

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task AStudyWaitsForItsNodeAndItsMembersAreMeasured()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using LocalSilo silo = await LocalSilo.Start(_scratch.Folder);
        DateTimeOffset began = DateTimeOffset.UtcNow;
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("attached");
        Assert.Null((await study.Submit(Spec)).Error);
        while ((await study.Status()) is not { Phase: StudyPhase.Search, Progress: { } }) await Task.Delay(50, cancel);
        Assert.Contains("hone device attach --server URL --name board", (await study.Status()).Progress!.Stage);
        Assert.Equal(0, (await study.Status()).Counts.Committed);

        string token = await Token(silo);
        using Process node = Node(silo.Url, "board", token);
        try
        {
            var (status, lines) = await silo.Follow("attached");
            Assert.Equal((StudyPhase.Done, null), (status.Phase, status.Error));
            JsonNode priced = JsonNode.Parse(lines[0])!["measurements"]!.AsArray().First(m => (string?)m!["device"] == "board")!;
            Assert.Equal(("latency_ms@board", "Modelled"), ((string?)priced["metric"], (string?)priced["origin"]));
            Assert.InRange((DateTimeOffset)priced["taken"]!, began.AddSeconds(-2), DateTimeOffset.UtcNow);
            JsonNode front = await Front(silo, status);
            Assert.False((bool)front["reproducible"]!);
            Assert.NotEmpty(front["members"]!.AsArray());
            foreach (JsonNode? member in front["members"]!.AsArray())
            {
                JsonNode measured = member!["measurements"]!.AsArray().First(m => (string?)m!["metric"] == "latency_ms@board")!;
                Assert.Equal(("board", "Measured"), ((string?)measured["device"], (string?)measured["origin"]));
                Assert.True((double)measured["value"]! > 0 && measured["spread"] is not null);
                Assert.Equal("a formula in place of runs (4 operations)", (string?)Assert.Single(measured["notes"]!.AsArray()));
                Assert.InRange((DateTimeOffset)measured["taken"]!, began.AddSeconds(-2), DateTimeOffset.UtcNow);
                Assert.Contains(member["measurements"]!.AsArray(), m => (string?)m!["metric"] == "search_latency_ms@board");
                Assert.Contains(member["measurements"]!.AsArray(), m => ((string?)m!["metric"], (string?)m["origin"]) == ("latency_ms@zcu102", "Modelled"));
            }
            DeviceStatus device = await silo.Grains.GetGrain<IDeviceProfilerGrain>("board").Status();
            Assert.Equal(("board", 0, 0), (device.Name, device.Waiting, device.Leased));
            Assert.True(device.Networks >= front["members"]!.AsArray().Count && device.Operations > 0);
            Assert.Equal($"a formula in place of runs ({device.Operations + device.Networks} figures)", Assert.Single(device.Remarks));
        }
        finally
        {
            node.Kill();
        }
    }

    [Fact]
    public async Task ImagesPerSecondOfANodeAreALimitAndAnObjective()
    {
        await using LocalSilo silo = await LocalSilo.Start(_scratch.Folder);
        string spec = StudyJson.Canonical(JsonNode.Parse("""
            {"study":"fast","method":"synthetic","data":{"name":"none"},"model":{"problem":"zdt1","variables":4,"levels":5,"cost":"gemm"},"devices":[{"name":"board","kind":"attached"}],
             "objectives":[{"metric":"f1"},{"metric":"fps"}],"constraints":[{"metric":"fps","at_least":1200}],"search":{"population":8,"window":4},"budget":{"trials":20},"finish":{"members":3}}
            """)!);
        Assert.Null((await silo.Grains.GetGrain<IStudyGrain>("fast").Submit(spec)).Error);
        using Process node = Node(silo.Url, "board", await Token(silo));
        try
        {
            var (status, lines) = await silo.Follow("fast");
            Assert.Equal((StudyPhase.Done, null), (status.Phase, status.Error));
            JsonNode[] trials = [.. lines.Select(l => JsonNode.Parse(l)!)];
            Assert.Contains(trials, t => t["rejected"] is { } why && (string?)why["constraint"] == "fps" && ((string)why["reason"]!).EndsWith("on board, allowed at least 1200", StringComparison.Ordinal));
            Assert.All(trials.Where(t => t["measurements"] is not null), t => Assert.True((double)Of(t, "fps")["value"]! >= 1_200));
            foreach (JsonNode? member in (await Front(silo, status))["members"]!.AsArray())
            {
                JsonNode time = Of(member!, "latency_ms"), rate = Of(member!, "fps");
                Assert.Equal(("Measured", "Measured", "Modelled"), ((string?)time["origin"], (string?)rate["origin"], (string?)Of(member!, "search_fps")["origin"]));
                Assert.Equal(1e3 / (double)time["value"]!, (double)rate["value"]!, 1e-6);
                Assert.True((double)rate["value"]! >= 1_200 && (double)rate["spread"]! > 0);
            }
        }
        finally
        {
            node.Kill();
        }

        static JsonNode Of(JsonNode at, string metric) => at["measurements"]!.AsArray().First(m => (string?)m!["metric"] == metric)!;
    }

    [Fact]
    public async Task WhatANodeMeasuresForATrialStandsInTheTrialsTrace()
    {
        ConcurrentQueue<Activity> ended = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == HoneTrace.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using LocalSilo silo = await LocalSilo.Start(_scratch.Folder);
        Assert.Null((await silo.Grains.GetGrain<IStudyGrain>("attached").Submit(Spec)).Error);
        using Process node = Node(silo.Url, "board", await Token(silo));
        try
        {
            Assert.Equal(StudyPhase.Done, (await silo.Follow("attached")).Status.Phase);
        }
        finally
        {
            node.Kill();
        }
        Activity[] spans = [.. ended], measured = [.. spans.Where(s => s.OperationName == "measure" && ((string?)s.GetTagItem("hone.node"))?.StartsWith("python/", StringComparison.Ordinal) == true)];
        Assert.NotEmpty(measured);
        foreach (Activity measure in measured)
        {
            Assert.Contains(spans, s => s.OperationName == "trial" && s.SpanId == measure.ParentSpanId && s.TraceId == measure.TraceId);
            Activity runs = Assert.Single(spans, s => s.ParentSpanId == measure.SpanId);
            Assert.Equal(("runs", measure.StartTimeUtc), (runs.OperationName, runs.StartTimeUtc));
        }
    }

    [Fact]
    public async Task AFinishedStudyIsRetargetedToADeviceThatIsMeasuredMeanwhile()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using LocalSilo silo = await LocalSilo.Start(_scratch.Folder);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("modelled");
        string spec = StudyJson.Canonical(JsonNode.Parse("""
            {"study":"modelled","method":"synthetic","data":{"name":"none"},"model":{"problem":"zdt1","variables":3,"levels":4,"cost":"gemm"},"devices":["zcu102"],
             "objectives":[{"metric":"f1"},{"metric":"latency_ms"}],"search":{"population":8,"window":4},"budget":{"trials":20},"finish":{"members":3}}
            """)!);
        Assert.Null((await study.Submit(spec)).Error);
        Assert.Equal(StudyPhase.Done, (await silo.Follow("modelled")).Status.Phase);

        string token = await Token(silo);
        Process? node = null;
        try
        {
            RetargetUpdate? last = null;
            bool waited = false;
            await foreach (RetargetUpdate update in study.Retarget(new DeviceSpec("board", "attached", []), [], cancel).WithBatchSize(1))
            {
                Assert.Null(update.Error);
                waited |= update.Waits?.Contains("wait for a node", StringComparison.Ordinal) == true;
                node ??= Node(silo.Url, "board", token);
                last = update;
            }
            Assert.True(waited);
            await using Stream text = silo.Blobs.Open(last!.Front!.Value);
            JsonArray members = (await JsonNode.ParseAsync(text, cancellationToken: cancel))!["members"]!.AsArray();
            Assert.NotEmpty(members);
            Assert.All(members, m => Assert.Equal(("board", "Measured"), Latency(m!)));
        }
        finally
        {
            node?.Kill();
            node?.Dispose();
        }

        static (string?, string?) Latency(JsonNode member)
        {
            JsonNode first = member["measurements"]!.AsArray().First(m => (string?)m!["metric"] == "latency_ms")!;
            return ((string?)first["device"], (string?)first["origin"]);
        }
    }

    private async Task<string> Token(LocalSilo silo)
    {
        string file = Path.Combine(_scratch.Folder, "token");
        await File.WriteAllTextAsync(file, silo.Services.GetRequiredService<RunToken>().Token.Text);
        return file;
    }

    private static async Task<JsonNode> Front(LocalSilo silo, StudyStatus status)
    {
        await using Stream text = silo.Blobs.Open(status.Artifacts.First(a => a.Path == "front.json").Blob);
        return (await JsonNode.ParseAsync(text))!;
    }

    private static Process Node(Uri url, string device, string token) => Process.Start(new ProcessStartInfo("python3",
        [Path.Combine(Repository.Root, "tests", "Cluster.Tests", "Devices", "node.py"), url.ToString(), device, token]) { RedirectStandardOutput = true })!;
}
