using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Studies;

namespace Hone.Core.Tests.Studies.Analysis;

/// <summary>A study on the eighth of a board, random candidates with made-up accuracies, and the slow, obvious front.</summary>
internal static class MadeTrials
{
    public const string Limits = """[{"metric":"latency_ms","at_most":0.3}]""";

    public static readonly IStudy Study = Open();

    public static IStudy Open(string devices = "\"zcu102-eighth\"", string constraints = Limits) => StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"made","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":[{{devices}}],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"constraints":{{constraints}}}""")!));

    /// <summary>Every fourth one was rejected.</summary>
    public static List<Trial> Of(int count = 40)
    {
        IDevice device = DeviceCatalog.Open(Study.Spec.Devices[0]);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            Candidate candidate = Study.Space.Sample(new Chance(7, Streams.Sampling, (uint)i));
            double ms = device.Price(Schedule.Once(Study.Lower(candidate))).Value("latency_ms")!.Value;
            return i % 4 == 3 ? new Trial(i, candidate.Key, new Outcome.Rejected(new Rejection("latency_ms", "too slow")))
                : Evaluated(i, candidate.Key, 80 + new Chance(8, Streams.Sampling, (uint)i).Next(1000) / 100.0, ms);
        })];
    }

    public static Trial Evaluated(int ordinal, string key, double accuracy, double ms) => new(ordinal, key, new Outcome.Evaluated(
        [new Measurement("accuracy", accuracy, "%", Origin.Trained), new Measurement("latency_ms", ms, "ms", Origin.Modelled, null, "zcu102-eighth")]));

    /// <summary>Random candidates, without values.</summary>
    public static string Key(int number) => Study.Space.Sample(new Chance(9, Streams.Sampling, (uint)number)).Key;

    /// <summary>A board as a study opens it, priced without the catalog.</summary>
    public static FpgaDevice Board(Board board, string? engine = null, HostTimes? host = null, bool memory = true) =>
        new(board with { Ddr = board.Ddr with { Binds = memory }, Host = host ?? HostTimes.EngineOnly }, engine is null ? null : new FixedEngine(engine, "named"));

    public static double Price(FpgaDevice device, string key) => device.Price(Schedule.Once(Study.Lower(Study.Space.Parse(key)))).Value("latency_ms")!.Value;

    /// <summary>Keys of those that none is better than, by comparing all with all.</summary>
    public static string[] Front(IEnumerable<(string Key, double Accuracy, double Ms)> points)
    {
        var all = points.ToList();
        return [.. all.Where(p => !all.Any(q => Better(q, p))).Select(p => p.Key).Order(StringComparer.Ordinal)];
    }

    public static bool Better((string Key, double Accuracy, double Ms) a, (string Key, double Accuracy, double Ms) b) =>
        a.Accuracy >= b.Accuracy && a.Ms <= b.Ms && (a.Accuracy > b.Accuracy || a.Ms < b.Ms);
}
