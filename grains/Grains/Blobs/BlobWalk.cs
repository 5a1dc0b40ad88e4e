using Hone.Data;
using Hone.Model;

namespace Hone.Grains.Blobs;

/// <summary>What a walk through a store has counted.</summary>
internal readonly record struct BlobCount(int Count, long Bytes)
{
    public BlobCount And(long bytes) => new(Count + 1, Bytes + bytes);
}

/// <summary>One walk through a store: counts what is there, what is needed and what is old, and lets the last go when asked to.</summary>
internal static class BlobWalk
{
    /// <param name="store">Of which nobody is kept waiting.</param>
    /// <param name="needed">Read before the walk: what is named since was put since, so it is young.</param>
    /// <param name="before">What nothing needs is old when it was put before this time.</param>
    /// <param name="remove">Whether the old ones go; one that is put again meanwhile stays and is not counted as old.</param>
    public static (BlobCount All, BlobCount Needed, BlobCount Old) Through(IBlobStore store, IReadOnlySet<BlobId> needed, DateTimeOffset before, bool remove)
    {
        BlobCount all = default, reachable = default, old = default;
        foreach (BlobEntry blob in store.List())
        {
            all = all.And(blob.Length);
            if (needed.Contains(blob.Id)) reachable = reachable.And(blob.Length);
            else if (blob.Written < before && (!remove || store.DeleteOlder(blob.Id, before))) old = old.And(blob.Length);
        }
        return (all, reachable, old);
    }
}
