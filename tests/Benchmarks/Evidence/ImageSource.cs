using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>A data set of the evidence.</summary>
/// <param name="name">As in a study's data.name, or of a folder of images.</param>
/// <param name="content">Hash of the training images (<see cref="ImageData.TrainId"/>), a part of the units' keys: a generator that changes makes other images.</param>
/// <param name="folder">Where its images lie, for data sets that nobody serves; null: it is one of the catalog's. Tables are written without it.</param>
internal sealed class ImageSource(string name, string content, Func<string>? folder = null)
{
    private const string Variable = "HONE_DATA";
    private static readonly DataLocator Locator = new(Surroundings.OfThisMachine());
    private readonly Lazy<ImageData> _data = new(() =>
    {
        ImageData data = folder is null ? Locator.Load(name, null) : Locator.Load("image-folder", folder());
        return data.TrainId.Hex == content ? data : throw new HoneException($"{name}: expected training images {content}, got {data.TrainId.Hex}: enter the new hash, and all units of before are stale");
    });

    public static ImageSource FashionMnist { get; } = new("fashion-mnist", "97cfdabcd57596f1ad5fb8d3b3d9a87f3f1c88ca4f3bab990e5bfb49d1a1a638");

    public static ImageSource FashionClutter { get; } = new("fashion-clutter", "a24d9b8dca31a4475af6eb649c4435b6cf7559570d3b384bc7e02789bc5838ac");

    /// <summary>The first 1,000 training and 200 test images of each of CIFAR-10's classes as JPEG, 32 x 32 x 3.</summary>
    public static ImageSource CifarSubset { get; } = new("cifar10-subset", "2e6f45f7631b7fcb36cacccfa2e6dfb2cb5e07ea57feb4ebe142aab21c2acb73", () => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } data && Path.Combine(data, "cifar10-subset") is var folder && Directory.Exists(folder)
        ? folder : throw new HoneException($"cifar10-subset: expected ${Variable} to name a folder with cifar10-subset/train/CLASS and cifar10-subset/test/CLASS, got '{Environment.GetEnvironmentVariable(Variable)}'; the other parts need no such files"));

    public string Name => name;

    public string Content => content;

    /// <summary>The training set.</summary>
    public ImageSet All => _data.Value.LoadTrain();

    public ImageSet Test() => _data.Value.LoadTest();
}
