using System.Text.Json.Nodes;
using Hone.Client.Results;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests;

/// <summary>Synthetic studies: a space of two genes, trials along a made-up trade-off, fronts with hostile names.</summary>
internal static class Samples
{
    public const string Hostile = "</script><img src=x onerror=alert(1)>&\"'\u0001";

    public static readonly ValueList<Objective> Objectives = [new("accuracy", Direction.Maximize, "%"), new("latency_ms", Direction.Minimize, "ms")];

    public static readonly SearchSpace Space = new(Gene.Of("depth", 1, 2, 3, 4, 5, 6, 7, 8), Gene.Of("width", 16, 24, 32, 40, 48, 56, 64, 72));

    public static readonly string FrontText = FrontOf("quasar-vit");

    /// <summary>Trial <paramref name="ordinal"/>: every fifth is rejected, every seventh a duplicate, the others lie below a concave curve.</summary>
    public static Trial Trial(int ordinal)
    {
        var chance = new Chance(3, Streams.Search, (uint)ordinal);
        string key = Space.Sample(chance).Key;
        if (ordinal % 5 == 4) return new Trial(ordinal, key, new Outcome.Rejected(new Rejection(Reason(ordinal).StartsWith("DSP", StringComparison.Ordinal) ? "dsp" : "latency_ms", Reason(ordinal))));
        if (ordinal % 7 == 6) return new Trial(ordinal, key, new Outcome.Duplicate(0));
        double latency = 0.05 + 0.35 * chance.NextDouble();
        double accuracy = 90 - 1.2 / (latency + 0.03) - 8 * chance.NextDouble();
        return new Trial(ordinal, key, new Outcome.Evaluated([
            new("accuracy", Math.Round(accuracy, 2), "%", Origin.Trained, 0.6), new("latency_ms", Math.Round(latency, 4), "ms", Origin.Modelled, null, "zcu102-eighth", "fpga-1"),
            new("dsp", ordinal, "1", Origin.Modelled, null, "zcu102-eighth", "fpga-1"),
        ]));
    }

    /// <summary>Why a trial is rejected, in the words of the price judge and the boards, with numbers of its own.</summary>
    public static string Reason(int ordinal)
    {
        string late = $"latency_ms 0.{52 + ordinal % 40} ms on zcu102-eighth, allowed at most 0.4: ";
        return (ordinal % 11) switch
        {
            < 5 => $"{late}400 us needs {1 + ordinal % 3}x32x16-w4a6: LUT {101 + ordinal % 60} %; the best that fits, 3x32x8-w4a6, takes {520 + ordinal % 40} us",
            < 8 => $"{late}400 us needs 2x{16 + ordinal % 48}x8-w4a6: BRAM18 {101 + ordinal % 60} %; the best that fits, 3x32x8-w4a6, takes 1.{ordinal % 90} ms",
            8 => $"{late}no engine of this board meets 400 us: the fastest, 3x32x16-w4a6, takes {450 + ordinal % 60} us and does not fit (LUT 167 %); the best that fits, 3x32x8-w4a6, takes 0.52 ms",
            9 => $"DSP {101 + ordinal % 60} % of zcu102-eighth: needs 360, allowed 315 (engine 3x32x8-w8a8)",
            _ => $"latency_ms 0.{52 + ordinal % 40} ms on cpu-x86, allowed at most 0.4",
        };
    }

    public static TrialLine Line(int ordinal) => new(Trial(ordinal), StudyJson.Line(Trial(ordinal), Space));

    public static StudyStatus Status(StudyPhase phase, int committed, Progress? progress = null, ValueList<Artifact> artifacts = default, string blobs = "")
    {
        Trial[] trials = [.. Enumerable.Range(0, committed).Select(Trial)];
        var counts = new TrialCounts(committed, trials.Count(t => t.Outcome is Outcome.Evaluated), trials.Count(t => t.Outcome is Outcome.Rejected), trials.Count(t => t.Outcome is Outcome.Duplicate), 0);
        return new StudyStatus("quasar-vit", "quasar-vit", phase, null, null, 0, counts, 320, progress, artifacts, blobs, Objectives);
    }

    /// <summary>front.json of the first 320 trials.</summary>
    public static string FrontOf(string study)
    {
        Trial[] all = [.. Enumerable.Range(0, 320).Select(Trial).Where(t => t.Outcome is Outcome.Evaluated)];
        IEnumerable<Trial> front = all.Where(t => !all.Any(o =>
            o.Value("accuracy") >= t.Value("accuracy") && o.Value("latency_ms") <= t.Value("latency_ms") && (o.Value("accuracy") > t.Value("accuracy") || o.Value("latency_ms") < t.Value("latency_ms"))));
        return StudyJson.Text(new Front(study, "quasar-vit", 1, Objectives, front.Select(t => new FrontMember(t.Ordinal, t.Key, t.Measurements)).ToValueList()), Space);
    }

    public static FrontFile Front(string study = "quasar-vit") => FrontFile.Parse(FrontOf(study), "sample");

    public static TrialColumns Trials(Scratch scratch, int count = 320, IReadOnlyList<Objective>? objectives = null)
        => TrialColumns.Read(scratch.Write("trials.jsonl", string.Concat(Enumerable.Range(0, count).Select(i => Line(i).Line + "\n"))), objectives ?? Objectives);

    /// <summary>A front whose every name wants to be markup.</summary>
    public static FrontFile HostileFront() => FrontFile.Parse(new JsonObject
    {
        ["study"] = Hostile, ["method"] = Hostile, ["seed"] = 1,
        ["objectives"] = new JsonArray(Objective("accuracy", "max", "%"), Objective("latency_ms", "min", "ms")),
        ["members"] = new JsonArray(new JsonObject
        {
            ["ordinal"] = 0, ["key"] = Hostile, ["genes"] = new JsonObject { [Hostile] = Hostile },
            ["measurements"] = new JsonArray(Measurement("accuracy", "%"), Measurement("latency_ms", "ms"), Measurement(Hostile, Hostile)),
        }),
    }.ToJsonString(), "sample");

    private static JsonObject Objective(string metric, string direction, string unit) => new() { ["metric"] = metric, ["direction"] = direction, ["unit"] = unit };

    private static JsonObject Measurement(string metric, string unit) =>
        new() { ["metric"] = metric, ["value"] = 1.5, ["unit"] = unit, ["origin"] = "Modelled", ["device"] = Hostile, ["calibration"] = Hostile };
}
