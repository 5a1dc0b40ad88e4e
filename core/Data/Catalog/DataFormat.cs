namespace Hone.Data;

/// <summary>How a data set lies on disk.</summary>
public enum DataFormat
{
    /// <summary>Four IDX files, gzipped or not: train images, train labels, test images, test labels.</summary>
    Idx,

    /// <summary>CIFAR-10's binary version: the tar.gz, or its six .bin files unpacked.</summary>
    CifarBinary,

    /// <summary>Made from the IDX files of another data set: a garment at a random place among crops of others.</summary>
    Clutter,

    /// <summary>train/CLASS/* and test/CLASS/* as PNG or JPEG files.</summary>
    ImageFolder,
}
