using Hone.Model;

namespace Hone.Data;

/// <summary>A content-addressed store: bytes are named by their SHA-256 and never change.</summary>
public interface IBlobStore
{
    /// <summary>Stores what is left of the stream; storing equal bytes again is cheap and harmless.</summary>
    /// <exception cref="IOException">For example a full disk; nothing is left behind.</exception>
    BlobId Put(Stream content);

    /// <summary>Stores these bytes.</summary>
    /// <exception cref="IOException">For example a full disk; nothing is left behind.</exception>
    BlobId Put(ReadOnlySpan<byte> content);

    /// <summary>The bytes, checked against their name before the first is handed out; the caller disposes the stream.</summary>
    /// <exception cref="HoneException">There is no such blob, or it is damaged.</exception>
    Stream Open(BlobId id);

    /// <summary>Whether the blob is there (not whether it is whole).</summary>
    bool Has(BlobId id);

    /// <summary>Sees to it that this machine's part of the store has the bytes itself; where the store has no parts there is nothing to do.</summary>
    /// <exception cref="IOException">They cannot be had now.</exception>
    void Keep(BlobId id)
    {
    }

    /// <summary>Lets the bytes go; nothing happens when they are not there.</summary>
    void Delete(BlobId id);

    /// <summary>Lets the bytes go unless they were put, for the first time or again, at this time or later.</summary>
    /// <returns>Whether they were there and are gone.</returns>
    bool DeleteOlder(BlobId id, DateTimeOffset than);

    /// <summary>What is there, in no order; what comes or goes meanwhile may be among it.</summary>
    IEnumerable<BlobEntry> List();
}
