using System.Text;
using Hone.Client.Cluster;
using Hone.Client.Results;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary>The front.json of a finished study as it lies in the blob store.</summary>
internal static class StoredFront
{
    /// <exception cref="HoneException">The study is not finished, or the blob is missing.</exception>
    public static async Task<string> TextAsync(StudyStatus status, IBlobSource blobs, CancellationToken cancel)
    {
        Artifact front = status.Artifacts.FirstOrDefault(a => a.Path == ResultWriter.Front)
            ?? throw new HoneException($"{status.Study}: expected a finished study, it is {Words.Of(status.Phase)}; {Remedy(status.Phase)}");
        using var reader = new StreamReader(await blobs.OpenAsync(front.Blob, status.BlobRoot, cancel), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel);
    }

    private static string Remedy(StudyPhase phase) => phase switch
    {
        StudyPhase.Paused => "`hone stop` ends it with the front so far, `hone resume` goes on",
        StudyPhase.Search => "its front comes at the end, or after `hone stop`",
        StudyPhase.Failed => "`hone status` tells why",
        _ => "its front comes at the end",
    };
}
