using System.Globalization;
using System.Text;
using System.Text.Json;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Web.Tests.Made;

/// <summary>The studies of a made silo: one of 100,000 trials, a small one that grows, one in training, one whose every text is hostile, an empty one, one of three objectives, one with rungs.</summary>
internal static class MadeStudies
{
    public const string Large = "fashion-wide", Small = "fashion-small", Training = "fashion-training", Hostile = "hostile", Empty = "just-begun", Three = "three-objectives", Ended = "fashion-done", Rungs = "halved";

    public const int LargeCount = 100_000;

    private static readonly Lazy<byte[]> LargeLines = new(() => MadeTrials.Lines(LargeCount));

    public static IReadOnlyList<MadeStudy> All() =>
    [
        new MadeStudy(Large, "quasar-vit", MadeStudy.TwoObjectives, 120_000).With(LargeLines.Value),
        new MadeStudy(Small, "quasar-vit", MadeStudy.TwoObjectives, 640).With(MadeTrials.Lines(420, 3)),
        new MadeStudy(Ended, "quasar-vit", MadeStudy.TwoObjectives, 320) { Artifacts = Results() }.With(MadeTrials.Lines(460, 4)).In(StudyPhase.Done),
        new MadeStudy(Training, "quasar-vit", MadeStudy.TwoObjectives, 320)
        {
            Progress = new Progress("training the supernet", 1210, 3438, [new("loss", 0.5132), new("images/s", 3140)]), Training = Curves(),
        }.In(StudyPhase.Prepare),
        new MadeStudy(Three, "quasar-vit", [.. MadeStudy.TwoObjectives, new("energy_mj", Direction.Minimize, "mJ")], 640).With(Joined(400, MadeTrials.WideLine)),
        new MadeStudy(Rungs, "quasar-vit", MadeStudy.TwoObjectives, 640) { Progress = new Progress("training candidates", 1700, 0, [new("images/s", 910)]) }.With(Joined(300, i => MadeTrials.RungLine(i, i % 10 / 4))),
        new MadeStudy(Hostile, MadeTrials.Hostile, MadeStudy.TwoObjectives, 320)
        {
            Training = $$$"""[{"stage":{{{JsonSerializer.Serialize(MadeTrials.Hostile)}}},"step":1,"steps":2,"values":{{{{JsonSerializer.Serialize(MadeTrials.Hostile)}}}:1}}]""",
        }.With(Joined(90, MadeTrials.HostileLine)).In(StudyPhase.Failed, MadeTrials.Hostile),
        new MadeStudy(Empty, "synthetic-zdt", [new("f1", Direction.Minimize, "1"), new("f2", Direction.Minimize, "1")], 200),
    ];

    private static byte[] Joined(int count, Func<int, string> line) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n")));

    private static ValueList<Artifact> Results() =>
    [
        new Artifact("front.json", BlobId.Of("front"u8)), new Artifact("costs.json", BlobId.Of("costs"u8)),
        .. Enumerable.Range(1, 3).SelectMany(n => new[] { "manifest.json", "model.onnx", "weights.safetensors" }.Select(file => new Artifact($"models/{n}/{file}", BlobId.Of("model"u8)))),
    ];

    private static string Curves()
    {
        var points = new List<string>();
        for (int step = 10; step <= 1210; step += 10)
            points.Add(string.Create(CultureInfo.InvariantCulture,
                $$$"""{"stage":"training the supernet","step":{{{step}}},"steps":3438,"values":{"loss":{{{0.45 + 1.8 * Math.Exp(-step / 220.0) + 0.03 * Math.Sin(step * 1.7):0.0000}}},"images/s":{{{3100 + 60 * Math.Sin(step / 90.0):0.0}}},"rate":{{{0.004 * Math.Min(1, step / 170.0):0.00000}}}}}"""));
        for (int step = 5; step <= 60; step += 5)
            points.Add(string.Create(CultureInfo.InvariantCulture, $$$"""{"stage":"fine-tuning trial 17","step":{{{step}}},"steps":171,"values":{"loss":{{{0.41 + 0.1 * Math.Exp(-step / 20.0):0.0000}}}}}"""));
        return $"[{string.Join(',', points)}]";
    }
}
