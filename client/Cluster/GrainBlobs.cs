using Hone.Contracts;
using Hone.Data;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>Blobs of a cluster's store: from its folder where this machine sees it, else through a silo.</summary>
internal sealed class GrainBlobs(IGrainFactory grains) : IBlobSource
{
    public async Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel)
    {
        if (Directory.Exists(root) && new FolderBlobStore(root) is var folder && folder.Has(blob)) return folder.Open(blob);
        return await CheckedBlob.ReceiveAsync(blob, async file =>
        {
            IBlobBytesGrain bytes = grains.GetGrain<IBlobBytesGrain>(blob.Hex);
            if (!await bytes.Has()) throw new HoneException($"blob {blob}: expected it in the cluster's store, it is not there: it was never stored or was let go; run the study again");
            await foreach (byte[] part in bytes.Read(cancel).WithBatchSize(1)) await file.WriteAsync(part, cancel);   // a part is a message already
        }, cancel);
    }
}
