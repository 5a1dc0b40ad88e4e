namespace Hone.Data;

/// <summary>How a data set lies on disk.</summary>
public enum DataFormat
{
    /// <summary>Four IDX files, gzipped or not: train images, train labels, test images, test labels.</summary>
    Idx,

    /// <summary>CIFAR-10's binary version: the tar.gz, or its six .bin files unpacked.</summary>
    CifarBinary,

    /// <summary>train/CLASS/* and test/CLASS/* as PNG or JPEG files.</summary>
    ImageFolder,
}
