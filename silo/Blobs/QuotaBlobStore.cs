using Hone.Data;
using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>Refuses new blobs once the store holds as much as it may. An IOException like a full disk: the lease of whoever wanted to put is lost, its study pauses, nothing is an outcome.</summary>
/// <param name="inner">The store; others may write to it too, so what it holds is counted again every five minutes and after each collection.</param>
/// <param name="quota">Bytes.</param>
/// <param name="clock">Time.</param>
internal sealed class QuotaBlobStore(IBlobStore inner, long quota, TimeProvider clock) : IBlobStore
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromMinutes(5);
    private readonly Lock _counting = new();
    private long _held;
    private DateTimeOffset _counted = DateTimeOffset.MinValue;

    public BlobId Put(Stream content)
    {
        long more = content.CanSeek ? content.Length - content.Position : 0;
        Admit(more);
        return inner.Put(content);
    }

    public BlobId Put(ReadOnlySpan<byte> content)
    {
        Admit(content.Length);
        return inner.Put(content);
    }

    public Stream Open(BlobId id) => inner.Open(id);

    public bool Has(BlobId id) => inner.Has(id);

    public void Keep(BlobId id) => inner.Keep(id);

    public void Delete(BlobId id)
    {
        inner.Delete(id);
        Recount();
    }

    public bool DeleteOlder(BlobId id, DateTimeOffset than)
    {
        bool gone = inner.DeleteOlder(id, than);
        if (gone) Recount();
        return gone;
    }

    public IEnumerable<BlobEntry> List() => inner.List();

    private void Recount()
    {
        lock (_counting) _counted = DateTimeOffset.MinValue;
    }

    // What is there already counts once more until the next count: the limit is reached early rather than late.
    private void Admit(long more)
    {
        lock (_counting)
        {
            if (_held + more > quota || clock.GetUtcNow() - _counted > CountEvery)
            {
                if (clock.GetUtcNow() - _counted > TimeSpan.FromSeconds(1)) _held = inner.List().Sum(b => b.Length);
                _counted = clock.GetUtcNow();
            }
            if (_held + more > quota)
                throw new IOException($"the blob store is full: {ByteSize.Text(_held)} of the {ByteSize.Text(quota)} that --blob-quota allows, and {ByteSize.Text(more)} more were to come; "
                    + "`hone blobs gc` lets go what no study needs, or raise the quota");
            _held += more;
        }
    }
}
