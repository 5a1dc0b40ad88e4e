using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using static TorchSharp.torch;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>A trained net at the end of its schedule, in float32. One caller at a time.</summary>
public sealed class TriLevelEvaluator : IDisposable
{
    internal const string Format = "tri-level weights 1";
    private readonly VitNet _net;
    private readonly VitBatchRun _run;

    private TriLevelEvaluator(ArrayFile file)
    {
        string format = file.Get<string>("format");
        if (format != Format) throw new HoneException($"expected '{Format}', got '{format}': these weights are of another kind or version");
        Config = JsonSerializer.Deserialize<TriLevelConfig>(file.Get<string>("config"), StudyJson.Options)!;
        _net = new VitNet(Config.Shape, Config.Run.Seed);
        _net.Arena.Load(file, "");
        _run = new VitBatchRun(Config.Shape, Config.Run.Threads);
        Curve = LossCurve.Read(file, TriLevelTraining.Curve).Points().ToValueList();
        (Left, Active) = (file.Get<int[]>("left"), file.Get<int[]>("active"));
    }

    /// <exception cref="HoneException">The bytes are not such weights, or are damaged.</exception>
    public static TriLevelEvaluator Open(ReadOnlySpan<byte> weights) => new(ArrayFile.Read(weights));

    public TriLevelConfig Config { get; }

    /// <summary>The loss of the training.</summary>
    public ValueList<LossPoint> Curve { get; }

    /// <summary>Examples that left at the last swap, and those that were trained on at the end.</summary>
    public IReadOnlyList<int> Left { get; }

    /// <inheritdoc cref="Left"/>
    public IReadOnlyList<int> Active { get; }

    /// <summary>Logits (N, classes) flattened.</summary>
    public float[] Logits(ImageSet images) => _run.Logits(images, (patches, _) =>
        _net.Classify(_net.Features(_net.Run(_net.Embed(patches), new BestPatchesPolicy(Config.Blocks, Config.Keep, Config.Links), ScalarType.Float32, classOnly: true))));

    /// <summary>Which images it classifies correctly.</summary>
    public CorrectBits Evaluate(ImageSet images) => CorrectBits.Of(Logits(images), images.Labels, Config.Shape.Classes);

    /// <summary>The net as plain arrays.</summary>
    public VisionNet Extract() => _net.Export(best: block => Config.Keep < 1 || Config.Links < 1 ? Config.Blocks.Span.Contains(block) ? new BestPatches(Config.Keep, Config.Links) : null : null);

    public void Dispose() => _net.Dispose();
}
