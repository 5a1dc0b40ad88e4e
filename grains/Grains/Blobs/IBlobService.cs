using Hone.Contracts;
using Hone.Model;
using Orleans.Services;

namespace Hone.Grains.Blobs;

/// <summary>A silo's blob store as the other silos reach it. A piece is at most <see cref="Piece"/> bytes: big messages stall the link between two silos.</summary>
[Alias("hone.blob-service")]
public interface IBlobService : IGrainService
{
    /// <summary>The most bytes of one answer.</summary>
    const int Piece = 192 << 10;

    /// <summary>What tells one store from another: silos that share a folder or bucket answer alike.</summary>
    [Alias("store")]
    Task<string> Store();

    /// <summary>Bytes of a blob that this silo holds as a file; null when it does not.</summary>
    [Alias("length")]
    Task<long?> Length(BlobId id);

    /// <summary>A piece of it, unchecked; null when it is not here (any more).</summary>
    [Alias("part")]
    Task<byte[]?> Part(BlobId id, long offset);

    [Alias("delete")]
    Task Delete(BlobId id);

    /// <summary>Begins a survey, or asks how it went: null while it runs.</summary>
    /// <param name="request">Names it; the same name is the same survey.</param>
    /// <param name="olderThan">As of <see cref="IBlobGrain.Survey"/>.</param>
    /// <param name="remove">As there.</param>
    [Alias("survey")]
    Task<BlobSurvey?> Survey(string request, TimeSpan olderThan, bool remove);
}
