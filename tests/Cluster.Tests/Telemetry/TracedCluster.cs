using System.Text.Json;
using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>
/// A control silo and a worker silo as processes, a study that a command submitted and another followed to its end, and everything that the four sent by OTLP. The worker
/// starts last, so that the study's grains are at home on the control silo.
/// </summary>
public sealed class TracedCluster : IAsyncLifetime
{
    /// <summary>The study's name: it must stand in no label.</summary>
    public const string Study = "traced-study";

    /// <summary>The study file, in the JSON that YAML knows too. Some candidates are rejected; each of the others is a job.</summary>
    internal const string Spec = $$$"""
        {"study":"{{{Study}}}","method":"synthetic","data":{"name":"none"},"model":{"problem":"zdt1","variables":6,"cost":"gemm","pause_ms":1},"devices":["zcu102-eighth"],
         "objectives":[{"metric":"f1"},{"metric":"latency_ms"}],"constraints":[{"metric":"latency_ms","at_most":0.027}],"search":{"algorithm":"random","population":8,"window":3},
         "budget":{"trials":40},"finish":{"members":2},"seed":3}
        """;

    private readonly Scratch _scratch = new();
    private OtlpReceiver? _receiver;
    private BuiltPrograms? _programs;

    internal OtlpReceiver Receiver => _receiver!;

    /// <summary>The lines of trials.jsonl.</summary>
    internal string[] Trials { get; private set; } = [];

    /// <summary>What each silo answered to a scrape after the study's end, by role.</summary>
    internal Dictionary<string, string> Scrapes { get; } = [];

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.Start();
        _programs = new BuiltPrograms(_receiver.Variables);
        string control = Path.Combine(_scratch.Folder, "control"), worker = Path.Combine(_scratch.Folder, "worker"), blobs = Path.Combine(_scratch.Folder, "blobs");
        await _programs.Silo(control, null, "--role", "control", "--blobs", blobs);
        string yaml = Path.Combine(_scratch.Folder, "study.yaml");
        await File.WriteAllTextAsync(yaml, Spec);
        await _programs.Hone("submit", yaml, "--data-dir", control);
        var address = JsonSerializer.Deserialize<ClusterAddress>(await File.ReadAllTextAsync(Path.Combine(control, ClusterAddress.AddressFile)), StudyJson.Options)!;
        await _programs.Silo(worker, new Dictionary<string, string> { ["HONE_REDIS"] = $"{address.Redis},password={address.Password}" },
            "--role", "worker", "--redis", address.Redis, "--cluster-id", address.ClusterId, "--blobs", blobs);
        string results = Path.Combine(_scratch.Folder, "out");
        await _programs.Hone("watch", Study, "--data-dir", control, "--out", results);
        Trials = await File.ReadAllLinesAsync(Path.Combine(results, "trials.jsonl"));
        using var http = new HttpClient();
        foreach (string folder in new[] { control, worker })
            Scrapes[Path.GetFileName(folder)] = await Scrape(http, $"{await File.ReadAllTextAsync(Path.Combine(folder, ClusterAddress.HealthFile))}/metrics");
    }

    /// <summary>A silo tells of its HTTP requests once one has ended, which may be no other than the scrape before.</summary>
    private static async Task<string> Scrape(HttpClient http, string address)
    {
        for (int attempt = 0; ; attempt++)
        {
            string told = await http.GetStringAsync(address);
            if (attempt == 50 || told.Contains("http_server_request_duration_seconds_count", StringComparison.Ordinal)) return told;
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_programs is not null) await _programs.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
        _scratch.Dispose();
    }
}
