using Hone.Model;

namespace Hone.Studies;

/// <summary>How a candidate is trained for its evaluation.</summary>
/// <param name="Share">Of the whole training, in (0, 1].</param>
/// <param name="Checkpoint">Where to go on, of the same candidate at the same share; null from the start.</param>
/// <param name="Checkpointed">Told of each checkpoint once its bytes are safe, with its step.</param>
/// <param name="Progress">Told of each step or so: a counter that stands still means that the work is stuck.</param>
public sealed record CandidateTraining(double Share, BlobId? Checkpoint, Action<BlobId, long> Checkpointed, IProgress<Progress> Progress)
{
    /// <summary>At a share from the start on, with nobody who listens.</summary>
    public static CandidateTraining Of(double share) => new(share, null, (_, _) => { }, new Nobody());

    private sealed class Nobody : IProgress<Progress>
    {
        public void Report(Progress value)
        {
        }
    }
}
