using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Microsoft.Extensions.Logging;

namespace Hone.Grains.Blobs;

/// <summary>Answers other silos from this one's blob store; runs on every silo.</summary>
public sealed class BlobService(GrainId id, Silo silo, ILoggerFactory logs, OwnBlobs own, BlobKeeper keeper, ILocalSiloDetails here)
    : GrainService(id, silo, logs), IBlobService
{
    private readonly ILogger _log = logs.CreateLogger<BlobService>();
    private (string Request, Task<BlobSurvey> Work)? _survey;

    public Task<string> Store() => Task.FromResult(own.Folder is null ? own.Name : StoreName.Of(own.Name));

    public Task<long?> Length(BlobId blob) => Task.FromResult(own.Folder?.Length(blob));

    public Task<byte[]?> Part(BlobId blob, long offset) => Task.FromResult(own.Folder?.Part(blob, offset, IBlobService.Piece));

    public Task Delete(BlobId blob)
    {
        own.Folder?.Delete(blob);
        return Task.CompletedTask;
    }

    public async Task<BlobSurvey?> Survey(string request, TimeSpan olderThan, bool remove)
    {
        if (_survey?.Request != request) _survey = (request, Task.Run(() => Look(olderThan, remove)));   // a walk is no matter of a turn
        return _survey is { Work: { IsCompleted: true } done } ? await done : null;
    }

    private async Task<BlobSurvey> Look(TimeSpan olderThan, bool remove)
    {
        try
        {
            return await keeper.Survey(here.Name, olderThan, remove);
        }
        catch (Exception e)
        {
            _log.LogWarning(e, "the blob store {Store} could not be looked through", own.Name);
            return new BlobSurvey(own.Name, here.Name, 0, 0, 0, 0, 0, 0, false, own.Quota, $"it could not be looked through: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
