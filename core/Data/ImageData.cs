using System.Buffers.Binary;
using System.Security.Cryptography;
using Hone.Model;

namespace Hone.Data;

/// <summary>
/// A data set at hand. Training and test images are read separately, when first asked for and once: as long as nobody calls
/// <see cref="LoadTest"/> the test files stay closed.
/// </summary>
public sealed class ImageData
{
    private readonly Lazy<ImageSet> _train, _test;
    private readonly Lazy<BlobId> _trainId;

    internal ImageData(DataSetRecord record, string folder, ImageShape shape)
    {
        IFormat format = Formats.Of(record.Format);
        (Record, Folder, Shape) = (record, folder, shape);
        ClassNames = format.ClassNames(record, folder);
        _train = new(() => format.Read(record, folder, Part.Train, shape, default));
        _test = new(() => format.Read(record, folder, Part.Test, shape, default));
        _trainId = new(() => IdOf(_train.Value));
    }

    public DataSetRecord Record { get; }

    /// <summary>Where the files lie.</summary>
    public string Folder { get; }

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>In label order.</summary>
    public ValueList<string> ClassNames { get; }

    /// <summary>
    /// Identity of the training images and labels, the same whichever way they were packed: what a supernet's key takes. Reads the training
    /// files. The test set has no part in it, so a key never opens it.
    /// </summary>
    public BlobId TrainId => _trainId.Value;

    /// <summary>The training images, (N, C, H, W).</summary>
    /// <exception cref="HoneException">A file is missing, damaged or another.</exception>
    public ImageSet LoadTrain() => _train.Value;

    /// <summary>The test images, (N, C, H, W): for final reporting only.</summary>
    /// <exception cref="HoneException">A file is missing, damaged or another.</exception>
    public ImageSet LoadTest() => _test.Value;

    /// <summary>SHA-256 of N, C, H, W and the number of classes (32-bit little-endian each), the labels, the pixels.</summary>
    public static BlobId IdOf(ImageSet set)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[4];
        foreach (int value in (ReadOnlySpan<int>)[set.Count, set.Channels, set.Height, set.Width, set.Classes])
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, value);
            sha.AppendData(number);
        }
        sha.AppendData(set.Labels);
        sha.AppendData(set.Pixels);
        return new BlobId(Convert.ToHexStringLower(sha.GetHashAndReset()));
    }
}
