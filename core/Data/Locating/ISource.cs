namespace Hone.Data;

/// <summary>Somewhere that files of a data set can be had from.</summary>
internal interface ISource
{
    /// <summary>For people: "the package dataset-fashion-mnist".</summary>
    string Name { get; }

    /// <summary>Puts the files into the scratch folder under their published names; the caller checks them.</summary>
    /// <exception cref="SourceException">This source cannot serve now; the next one is asked.</exception>
    /// <exception cref="IOException">The scratch folder cannot be written (a full disk).</exception>
    Task FetchAsync(IReadOnlyList<DataFile> files, string scratch, IProgress<FetchProgress>? progress, CancellationToken cancel);
}

/// <summary>Why a source cannot serve, in a few words.</summary>
internal sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);
