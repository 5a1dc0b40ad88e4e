using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>A data set of the evidence.</summary>
/// <param name="name">As in a study's data.name.</param>
/// <param name="content">Hash of the training images (<see cref="ImageData.TrainId"/>), a part of the units' keys: a generator that changes makes other images.</param>
internal sealed class ImageSource(string name, string content)
{
    private static readonly DataLocator Locator = new(Surroundings.OfThisMachine());
    private readonly Lazy<ImageSet> _all = new(() =>
    {
        ImageData data = Locator.Load(name, null);
        return data.TrainId.Hex == content ? data.LoadTrain() : throw new HoneException($"{name}: expected training images {content}, got {data.TrainId.Hex}: enter the new hash, and all units of before are stale");
    });

    public static ImageSource FashionMnist { get; } = new("fashion-mnist", "97cfdabcd57596f1ad5fb8d3b3d9a87f3f1c88ca4f3bab990e5bfb49d1a1a638");

    public static ImageSource FashionClutter { get; } = new("fashion-clutter", "a24d9b8dca31a4475af6eb649c4435b6cf7559570d3b384bc7e02789bc5838ac");

    public string Name => name;

    public string Content => content;

    /// <summary>The training set.</summary>
    public ImageSet All => _all.Value;

    public ImageSet Test() => Locator.Load(name, null).LoadTest();
}
