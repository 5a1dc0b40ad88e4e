using Hone.Benchmarks.Evidence;
using Hone.Data;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>A data set of the evidence. Claims between arms are decided on validation images; only the full study's member and twin see the test set.</summary>
/// <param name="source">The images.</param>
/// <param name="config">Its network space.</param>
/// <param name="reference">Accuracy in % below which a front gains nothing: with the latency limit the hypervolume's reference point, fixed before any run.</param>
internal sealed class Pictures(ImageSource source, QuasarVitConfig config, double reference)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ulong, int, int), ImageSet> _kept = [];

    public static Pictures FashionMnist { get; } = new(ImageSource.FashionMnist, QuasarVitConfig.FashionMnist, 60);

    public static Pictures FashionClutter { get; } = new(ImageSource.FashionClutter, QuasarVitConfig.FashionClutter, 30);

    /// <summary>The data sets of the headline.</summary>
    public static ValueList<Pictures> Headline { get; } = [FashionClutter, FashionMnist];

    public string Name => source.Name;

    public QuasarVitConfig Config => config;

    public double Reference => reference;

    public string Content => source.Content;

    /// <summary>The training images of a seed's split, made anew: they are large, and only a training holds them.</summary>
    public ImageSet Train(Scale scale, ulong seed) => source.All.Select(Split(scale, seed).Train);

    public ImageSet Test() => source.Test();

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
                _kept[(seed, from, count)] = images = source.All.Select(Split(scale, seed).Validation.AsSpan(from, count));
            return images;
        }
    }

    private Split Split(Scale scale, ulong seed) => Splits.Carve(source.All, scale.Recipe.TrainImages, scale.SearchImages, scale.HeldOut, seed);
}
