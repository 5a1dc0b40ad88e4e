using System.Collections.Concurrent;
using Hone.Data;
using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>Copies of remote blobs on this machine, below a size: what was used longest ago goes first.</summary>
/// <param name="root">The folder, this silo's alone.</param>
/// <param name="limit">Bytes; a single blob larger than it is kept until the next comes.</param>
/// <param name="clock">Tells what was used last.</param>
internal sealed class BlobCache(string root, long limit, TimeProvider clock)
{
    private readonly FolderBlobStore _folder = new(root, clock);
    private readonly ConcurrentDictionary<BlobId, DateTimeOffset> _used = [];
    private readonly Lock _trimming = new();

    public bool Has(BlobId id) => _folder.Has(id);

    public BlobId Put(ReadOnlySpan<byte> content) => Kept(_folder.Put(content));

    public BlobId Put(Stream content) => Kept(_folder.Put(content));

    /// <summary>The checked bytes; null when they are not here, or damaged and gone therefore.</summary>
    public Stream? Open(BlobId id)
    {
        try
        {
            Stream content = _folder.Open(id);
            _used[id] = clock.GetUtcNow();
            return content;
        }
        catch (HoneException)
        {
            Delete(id);
            return null;
        }
    }

    public void Delete(BlobId id)
    {
        _folder.Delete(id);
        _used.TryRemove(id, out _);
    }

    private BlobId Kept(BlobId id)
    {
        _used[id] = clock.GetUtcNow();
        lock (_trimming)
        {
            long over = -limit;
            List<BlobEntry> held = [.. _folder.List()];
            foreach (BlobEntry blob in held) over += blob.Length;
            foreach (BlobEntry blob in held.OrderBy(b => _used.GetValueOrDefault(b.Id, b.Written)))
            {
                if (over <= 0) break;
                if (blob.Id == id) continue;
                Delete(blob.Id);
                over -= blob.Length;
            }
        }
        return id;
    }
}
