using Hone.Data;
using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>This silo's folder first; what is not there is fetched from another silo's by its hash, checked and kept. So silos need no folder that all of them see.</summary>
internal sealed class FetchingBlobStore(FolderBlobStore own, IBlobPeers peers) : IBlobStore
{
    private readonly Lock[] _fetching = [.. Enumerable.Range(0, 16).Select(_ => new Lock())];   // who wants what another is fetching waits for it

    public BlobId Put(Stream content) => own.Put(content);

    public BlobId Put(ReadOnlySpan<byte> content) => own.Put(content);

    public Stream Open(BlobId id)
    {
        lock (_fetching[id.GetHashCode() & 15])
        {
            HoneException missing;
            try
            {
                return own.Open(id);
            }
            catch (HoneException e)
            {
                missing = e;   // or damaged, which fetching mends
            }
            foreach (IBlobPeer peer in peers.With(id))
            {
                using Stream theirs = new PieceStream(offset => peer.Part(id, offset));
                try
                {
                    if (own.Put(theirs) == id) return own.Open(id);
                }
                catch (PeerException)
                {
                    // it went away, or let the blob go: another may have it
                }
            }
            // Not a HoneException: a silo that is away may have it, so this says nothing about the work that wanted it.
            throw new IOException($"{missing.Message} (none of the {peers.Count} other silos has it; one that is away may)", missing);
        }
    }

    public bool Has(BlobId id) => own.Has(id) || peers.With(id).Any();

    public void Keep(BlobId id)
    {
        if (!own.Has(id)) Open(id).Dispose();
    }

    public void Delete(BlobId id)
    {
        own.Delete(id);
        peers.Delete(id);
    }

    public bool DeleteOlder(BlobId id, DateTimeOffset than) => own.DeleteOlder(id, than);

    public IEnumerable<BlobEntry> List() => own.List();
}
