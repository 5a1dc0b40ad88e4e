using Hone.Model;

namespace Hone.Data;

/// <summary>The data sets known by name.</summary>
public sealed class DataCatalog(params ReadOnlySpan<DataSetRecord> records)
{
    /// <summary>Fashion-MNIST, the same among clutter, CIFAR-10 and folders of images.</summary>
    public static DataCatalog Default { get; } = new(
        FashionMnist,
        FashionMnist with { Name = "fashion-clutter", Title = "Fashion-MNIST among clutter", Format = DataFormat.Clutter, Height = Clutter.Side, Width = Clutter.Side, MadeFrom = FashionMnist.Name },

        // Krizhevsky 2009, the binary version.
        new DataSetRecord(
            "cifar-10", "CIFAR-10", DataFormat.CifarBinary,
            ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
            Channels: 3, Height: 32, Width: 32, TrainCount: 50_000, TestCount: 10_000,
            [new("cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 170_052_171, Gunzip: false)],
            ["https://www.cs.toronto.edu/~kriz/"]),

        new DataSetRecord("image-folder", "a folder of images", DataFormat.ImageFolder, [], 0, 0, 0, 0, 0, [], []));

    // Xiao, Rasul, Vollgraf 2017. Content hashes are of the gunzipped files (see README.md: two gzip packings, one content).
    private static DataSetRecord FashionMnist => new(
        "fashion-mnist", "Fashion-MNIST", DataFormat.Idx,
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        Channels: 1, Height: 28, Width: 28, TrainCount: 60_000, TestCount: 10_000,
        [
            new("train-images-idx3-ubyte.gz", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", 47_040_016, Gunzip: true),
            new("train-labels-idx1-ubyte.gz", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", 60_008, Gunzip: true),
            new("t10k-images-idx3-ubyte.gz", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", 7_840_016, Gunzip: true),
            new("t10k-labels-idx1-ubyte.gz", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", 10_008, Gunzip: true),
        ],
        ["https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
        new SystemPackage("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist"));

    private readonly DataSetRecord[] _records = records.ToArray();

    /// <summary>Every record, in the catalog's order.</summary>
    public IReadOnlyList<DataSetRecord> Records => _records;

    /// <exception cref="SpecException">No such data set; the message lists the known ones.</exception>
    public DataSetRecord Find(string name) =>
        Array.Find(_records, r => r.Name == name)
        ?? throw new SpecException($"data: no data set is called '{name}'; known are {string.Join(", ", _records.Select(r => r.Name))}");
}
