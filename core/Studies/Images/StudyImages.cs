using Hone.Data;
using Hone.Model;

namespace Hone.Studies.Images;

/// <summary>
/// The images of a study on this machine: training and validation images carved from the training set, each read when first asked for. The test set is read by <see cref="Test"/> alone,
/// which finishing calls and nothing else.
/// </summary>
/// <param name="shape">Of the images of a folder, which has none of its own.</param>
/// <param name="searchImages">The first so many of the validation images rank candidates.</param>
internal sealed class StudyImages(StudySpec spec, DataLocator locator, ImageShape shape, int searchImages, int validationImages)
{
    private (ImageData Data, ImageSet Train, ImageSet Validation)? _images;
    private readonly Dictionary<int, ImageSet> _validation = [], _calibration = [];

    public ImageData Data => Read().Data;

    public ImageSet Train => Read().Train;

    /// <summary>The first so many validation images: one object per count, so that evaluators know them again.</summary>
    public ImageSet Validation(int count) => Once(_validation, count, Read().Validation);

    /// <summary>The first so many training images, for settings that need images but no labels.</summary>
    public ImageSet Calibration(int count) => Once(_calibration, count, Read().Train);

    /// <summary>The test set, or as much of it as the study asks for.</summary>
    public ImageSet Test()
    {
        ImageSet test = Data.LoadTest();
        return spec.Data.Test > 0 ? First(test, spec.Data.Test) : test;
    }

    /// <summary>What an export says of its data.</summary>
    public ValueList<Export.DataUse> Uses() => [new(spec.Data.Name, "train", Data.TrainId), new(spec.Data.Name, "test", ImageData.IdOf(Data.LoadTest()))];

    public static ImageSet First(ImageSet images, int count) => count >= images.Count ? images
        : images with { Pixels = images.Pixels[..(count * images.Stride)], Labels = images.Labels[..count] };

    private static ImageSet Once(Dictionary<int, ImageSet> known, int count, ImageSet from)
    {
        if (!known.TryGetValue(count, out ImageSet? images)) known[count] = images = First(from, count);
        return images;
    }

    private (ImageData Data, ImageSet Train, ImageSet Validation) Read()
    {
        if (_images is { } images) return images;
        ImageData data = locator.Load(spec.Data.Name, spec.Data.Path, spec.Data.Name == "image-folder" ? shape : null);
        ImageSet all = data.LoadTrain();
        int train = spec.Data.Train > 0 ? spec.Data.Train : all.Count - validationImages;
        Split split = Splits.Carve(all, train, searchImages, validationImages, spec.Seed);
        _images = (data, all.Select(split.Train), all.Select(split.Validation));
        return _images.Value;
    }
}
