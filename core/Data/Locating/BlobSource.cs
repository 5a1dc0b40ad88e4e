using Hone.Model;

namespace Hone.Data;

/// <summary>The blob store: a file that the catalog knows by its SHA-256 lies there under that name, unpacked, once somebody has put it.</summary>
internal sealed class BlobSource(IBlobStore blobs) : ISource
{
    public string Name => "the blob store";

    public Task FetchAsync(IReadOnlyList<DataFile> files, string scratch, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        foreach (DataFile file in files)
        {
            if (!blobs.Has(new BlobId(file.Sha256))) throw new SourceException($"it holds no {file.Name}");
            progress?.Report(new FetchProgress($"copying {file.Name} from {Name}", 0, file.Length));
            using Stream content = blobs.Open(new BlobId(file.Sha256));
            using FileStream copy = File.Create(Path.Combine(scratch, file.Names.Last()));
            content.CopyTo(copy);
            cancel.ThrowIfCancellationRequested();
        }
        return Task.CompletedTask;
    }
}
