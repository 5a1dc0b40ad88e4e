using Hone.Model;

namespace Hone.Studies;

/// <summary>What an evaluation trained.</summary>
/// <param name="Share">Of the whole training, in (0, 1].</param>
/// <param name="Weights">As <see cref="Evaluation.Trained"/>; null where the bytes are gone: it is trained anew, to the same.</param>
public sealed record TrainedCandidate(double Share, BlobId? Weights);
