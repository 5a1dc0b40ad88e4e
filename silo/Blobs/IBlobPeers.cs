using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>The other silos of the cluster, as places to have blobs from.</summary>
internal interface IBlobPeers
{
    /// <summary>How many there are now.</summary>
    int Count { get; }

    /// <summary>Those that have a blob.</summary>
    IEnumerable<IBlobPeer> With(BlobId id);

    /// <summary>Tells all of them to let a blob go; nobody waits for it.</summary>
    void Delete(BlobId id);
}

/// <summary>Another silo.</summary>
internal interface IBlobPeer
{
    /// <summary>A piece of a blob from an offset on; empty at its end.</summary>
    /// <exception cref="PeerException">It is gone, or the silo is.</exception>
    byte[] Part(BlobId id, long offset);
}

/// <summary>A silo that does not answer, or has not what was asked for.</summary>
internal sealed class PeerException(string message, Exception? inner = null) : IOException(message, inner);
