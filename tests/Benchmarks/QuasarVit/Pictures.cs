using Hone.Data;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>A data set of the evidence. Claims between arms are decided on validation images; only the full study's member and twin see the test set.</summary>
/// <param name="name">As in a study's data.name.</param>
/// <param name="config">Its network space.</param>
/// <param name="reference">Accuracy in % below which a front gains nothing: with the latency limit the hypervolume's reference point, fixed before any run.</param>
/// <param name="content">Hash of the training images (<see cref="ImageData.TrainId"/>), a part of the units' keys: a generator that changes makes other images.</param>
internal sealed class Pictures(string name, QuasarVitConfig config, double reference, string content)
{
    private static readonly DataLocator Locator = new(Surroundings.OfThisMachine());
    private readonly Lazy<ImageSet> _all = new(() =>
    {
        ImageData data = Locator.Load(name, null);
        return data.TrainId.Hex == content ? data.LoadTrain() : throw new HoneException($"{name}: expected training images {content}, got {data.TrainId.Hex}: enter the new hash, and all units of before are stale");
    });
    private readonly Lock _lock = new();
    private readonly Dictionary<(ulong, int, int), ImageSet> _kept = [];

    public static Pictures FashionMnist { get; } = new("fashion-mnist", QuasarVitConfig.FashionMnist, 60, "97cfdabcd57596f1ad5fb8d3b3d9a87f3f1c88ca4f3bab990e5bfb49d1a1a638");

    public static Pictures FashionClutter { get; } = new("fashion-clutter", QuasarVitConfig.FashionClutter, 30, "a24d9b8dca31a4475af6eb649c4435b6cf7559570d3b384bc7e02789bc5838ac");

    /// <summary>The data sets of the headline.</summary>
    public static ValueList<Pictures> Headline { get; } = [FashionClutter, FashionMnist];

    public string Name => name;

    public QuasarVitConfig Config => config;

    public double Reference => reference;

    public string Content => content;

    /// <summary>The training images of a seed's split, made anew: they are large, and only a training holds them.</summary>
    public ImageSet Train(Scale scale, ulong seed) => _all.Value.Select(Split(scale, seed).Train);

    public ImageSet Test() => Locator.Load(name, null).LoadTest();

    /// <summary>The first validation images, which rank candidates.</summary>
    public ImageSet Search(Scale scale, ulong seed) => Held(scale, seed, 0, scale.SearchImages);

    /// <summary>Validation images after those of the search.</summary>
    public ImageSet Score(Scale scale, ulong seed, int count) => Held(scale, seed, scale.SearchImages, count);

    // One object per range and seed: an evaluator keeps the codes of the set that it saw last.
    private ImageSet Held(Scale scale, ulong seed, int from, int count)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue((seed, from, count), out ImageSet? images))
                _kept[(seed, from, count)] = images = _all.Value.Select(Split(scale, seed).Validation.AsSpan(from, count));
            return images;
        }
    }

    private Split Split(Scale scale, ulong seed) => Splits.Carve(_all.Value, scale.Recipe.TrainImages, scale.SearchImages, scale.HeldOut, seed);
}
