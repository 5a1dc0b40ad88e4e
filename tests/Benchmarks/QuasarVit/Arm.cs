using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>A search of the headline: which shares of 8-bit rows it may use, and how it searches. E, L, h and R are searched by all.</summary>
internal sealed record Arm(string Name, ValueList<double> RowRatios, string Algorithm = "nsga2")
{
    public static Arm Mixed { get; } = new("mixed", QuasarVitConfig.FashionMnist.RowRatios);

    public static Arm Random { get; } = new("random-mixed", QuasarVitConfig.FashionMnist.RowRatios, "random");

    /// <summary>The first is compared with each other.</summary>
    public static ValueList<Arm> All { get; } = [Mixed, new("fixed-4", [0]), new("fixed-8", [1]), new("layer-wise", [0, 1]), Random];

    public static ValueList<Objective> Objectives { get; } = [new("accuracy", Direction.Maximize, "%"), new("latency_ms", Direction.Minimize, "ms")];

    public SearchSpace Space(QuasarVitConfig config) => QuasarVitSpace.Build(config with { RowRatios = RowRatios });
}
