using Hone.Model;

namespace Hone.Data;

/// <summary>A blob as a listing of its store shows it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Written">When it was put last; putting equal bytes again counts.</param>
public readonly record struct BlobEntry(BlobId Id, long Length, DateTimeOffset Written);
