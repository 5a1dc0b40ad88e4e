using Hone.Data;
using Hone.Model;

namespace Hone.Grains.Blobs;

/// <summary>Which blobs are needed: plain rules on the durable states, which are the only places that name blobs for long.</summary>
internal static class Reachable
{
    /// <summary>Everything that these studies, the trainings that they share, their open solvers and the known data sets name.</summary>
    public static HashSet<BlobId> Of(IEnumerable<StudyState> studies, IEnumerable<SupernetState> supernets, IEnumerable<AdmmSolverState> solvers, DataCatalog catalog) =>
        [.. studies.SelectMany(Of), .. supernets.SelectMany(s => s.Blobs()), .. solvers.SelectMany(s => s.Checkpoints.Blobs()), .. catalog.Records.SelectMany(r => r.Files).Select(f => new BlobId(f.Sha256))];

    private static IEnumerable<BlobId> Of(StudyState study) =>
        new[] { study.Shared }.OfType<BlobId>().Concat(study.Artifacts.Concat(study.Finished.Values.SelectMany(m => m.Artifacts)).Select(a => a.Blob))
            .Concat(study.Checkpoints.Blobs()).Concat(study.Trained.Select(t => t.Weights));
}
