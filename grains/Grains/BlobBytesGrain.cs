using System.Runtime.CompilerServices;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Placement;
using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Grains;

/// <summary>Hands out a blob's bytes from the store of the silo that it lives on.</summary>
[ControlOnly]
[Reentrant]
public sealed class BlobBytesGrain(IBlobStore blobs) : Grain, IBlobBytesGrain
{
    private const int Part = 128 << 10;   // well below what stalls a connection

    private BlobId Id => new(this.GetPrimaryKeyString());

    public Task<bool> Has() => Task.FromResult(blobs.Has(Id));

    public async IAsyncEnumerable<byte[]> Read([EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using Stream content = blobs.Open(Id);
        byte[] part = new byte[Part];
        for (int read; (read = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancel)) > 0;) yield return part[..read];
    }
}
