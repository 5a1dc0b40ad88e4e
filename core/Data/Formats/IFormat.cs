using Hone.Model;

namespace Hone.Data;

/// <summary>Which half of a data set.</summary>
internal enum Part { Train, Test }

/// <summary>One way a data set lies on disk.</summary>
internal interface IFormat
{
    /// <summary>The files or folders that this folder lacks to hold the data set; empty when it holds it. Opens nothing.</summary>
    IReadOnlyList<string> Missing(DataSetRecord record, string folder);

    /// <summary>Checks all files against the catalog.</summary>
    /// <exception cref="HoneException">A file is damaged or another.</exception>
    void Check(DataSetRecord record, string folder, IProgress<FetchProgress>? progress, CancellationToken cancel);

    /// <summary>Class names in label order.</summary>
    ValueList<string> ClassNames(DataSetRecord record, string folder);

    /// <summary>Reads one part, checked; the other part's files stay closed wherever the format keeps them apart.</summary>
    /// <exception cref="HoneException">A file is missing, damaged or another.</exception>
    ImageSet Read(DataSetRecord record, string folder, Part part, ImageShape shape, CancellationToken cancel);
}

/// <summary>The one table of formats.</summary>
internal static class Formats
{
    public static IFormat Of(DataFormat format) => format switch
    {
        DataFormat.Idx => new IdxFormat(),
        DataFormat.CifarBinary => new CifarFormat(),
        DataFormat.Clutter => new ClutterFormat(),
        DataFormat.ImageFolder => new ImageFolderFormat(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no such format"),
    };
}
