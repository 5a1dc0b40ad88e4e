using Hone.Benchmarks.Evidence;
using Hone.Data;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>The images of the evidence at a scale.</summary>
internal sealed class TokenImages(ImageSource source, VitShape shape, TokenScale scale)
{
    private readonly Lazy<ImageSet> _test = new(() => First(source.Test(), scale.TestImages));

    public ImageSource Source => source;

    public string Name => source.Name;

    public string Content => source.Content;

    public VitShape Shape => shape;

    public ImageSet Test => _test.Value;

    /// <summary>The training images of a seed.</summary>
    public ImageSet Train(ulong seed) => Train(seed, scale.TrainImages);

    /// <summary>So many of them, class-balanced.</summary>
    public ImageSet Train(ulong seed, int count) => source.All.Select(Splits.Carve(source.All, count, 0, 0, seed).Train);

    /// <summary>So many training images that no unit of a seed trains on.</summary>
    public ImageSet Others(ulong seed, int count)
    {
        int[] more = Splits.Carve(source.All, scale.TrainImages + count, 0, 0, seed).Train;    // it begins with the images that are trained on
        return source.All.Select(more[^count..]);
    }

    public static ImageSet First(ImageSet images, int count) => count >= images.Count ? images : images with { Pixels = images.Pixels[..(count * images.Stride)], Labels = images.Labels[..count] };
}
