using Hone.Data;
using Hone.Model;

namespace Hone.Studies;

/// <summary>A method made into a study: space, preparation, evaluation of one candidate, finishing. One file per method.</summary>
public interface IStudyKind
{
    /// <summary>The name in the study file's "method".</summary>
    string Method { get; }

    /// <summary>Reads the method's own sections and checks the whole.</summary>
    /// <exception cref="SpecException">The specification cannot be carried out: what was expected, what came.</exception>
    IStudy Open(StudySpec spec);
}

/// <summary>The cheap, pure side of a study: what a scheduler needs. No torch is loaded by it.</summary>
public interface IStudy
{
    StudySpec Spec { get; }

    SearchSpace Space { get; }

    /// <summary>The text of everything that the shared training depends on (model, data, recipe); its hash names the supernet.</summary>
    string Shared { get; }

    /// <summary>How many shards share out the training, in rounds; 1: one job does it all.</summary>
    int Shards => 1;

    /// <summary>How many validation images rank a candidate during the search.</summary>
    int SearchImages { get; }

    /// <summary>
    /// How many candidates one job evaluates at most. 1 where an evaluation is dear: it is remembered across studies then. More where it costs next to nothing: then
    /// the way there and back is what counts, and none is remembered.
    /// </summary>
    int Batch => 1;

    /// <summary>
    /// Whether evaluating a candidate trains it. Then an evaluation is long work with progress and checkpoints, a share of its training is a cheaper look at it (<see cref="Rungs"/>), and
    /// <see cref="Shared"/> tells everything that it depends on besides the candidate. It is done on all images that shall rank the candidate (<see cref="SearchImages"/>): none is trained
    /// again to be ranked on more.
    /// </summary>
    bool Trains => false;

    /// <summary>Whether evaluating a candidate is a run of a solver (<see cref="SolverFigures"/>), which keeps its own checkpoints and residuals. It trains then.</summary>
    bool Solves => false;

    /// <summary>
    /// Whether what a candidate costs depends on what its training came to. Then its evaluation prices it on the study's devices itself, and nothing is priced before:
    /// limits on costs count when the front is drawn, and it cannot be retargeted without training.
    /// </summary>
    bool PricedByEvaluation => false;

    /// <summary>What a candidate costs, device-neutral; where its evaluation prices it, what it costs at most.</summary>
    Workload Lower(Candidate candidate);

    /// <summary>Opens the side that computes; kept open by a slot from job to job.</summary>
    IStudyWork Work(WorkPlace place);
}

/// <summary>What a slot lends to the work on it.</summary>
/// <param name="Blobs">Weights, checkpoints and exports by content hash.</param>
/// <param name="Data">Finds data sets on this machine.</param>
/// <param name="Clock">Time, for checkpoint cadence and speeds shown to people; never for results.</param>
public sealed record WorkPlace(IBlobStore Blobs, DataLocator Data, TimeProvider Clock);

/// <summary>What evaluating a candidate gives: its measurements, and one bit per image for paired comparisons (lowest bit of the first byte first, in whole 64-bit words).</summary>
/// <param name="Trained">The weights that it was trained to, for finishing; null where evaluations train nothing.</param>
public sealed record Evaluation(ValueList<Measurement> Measurements, byte[] Correct, BlobId? Trained = null);

/// <summary>A finished member: more measurements, and its files by path below its folder.</summary>
public sealed record FinishedMember(ValueList<Measurement> Measurements, ValueList<NamedBlob> Files);

/// <summary>A file in the blob store.</summary>
public sealed record NamedBlob(string Path, BlobId Blob);

/// <summary>The side of a study that computes, on one thread. Results depend on the specification and the blobs alone.</summary>
public interface IStudyWork : IDisposable
{
    /// <summary>What results depend on besides the specification: torch version and CPU level.</summary>
    string Numerics { get; }

    /// <summary>Identity of the training images here; null where a study has none. Reads them when it is first asked for.</summary>
    BlobId? Data => null;

    /// <summary>Trains what candidates share, from a checkpoint on where there is one.</summary>
    /// <param name="checkpoint">Where to go on; null from the start.</param>
    /// <param name="checkpointed">Told of each checkpoint once its bytes are safe, with its step.</param>
    BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel);

    /// <summary>One shard's round of the shared training of a study with several (<see cref="IStudy.Shards"/>), from a checkpoint on where there is one.</summary>
    ShardEnd Round(ShardRound round, BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel) =>
        throw new NotSupportedException("this study trains without shards");

    /// <summary>What is prepared once the last round has ended.</summary>
    BlobId Close(ShardRound round) => throw new NotSupportedException("this study trains without shards");

    /// <summary>Evaluates a candidate on the first <paramref name="images"/> validation images.</summary>
    /// <exception cref="EvaluationException">It cannot be evaluated.</exception>
    Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel);

    /// <summary>
    /// Evaluates a candidate by training it, where evaluations do that (<see cref="IStudy.Trains"/>); a kind whose evaluations train nothing leaves this as it is. The result depends on the
    /// share and not on whether or where a checkpoint was gone on from; nothing of a lower share is used for a higher one. Cancelled, it announces a last checkpoint before it ends.
    /// </summary>
    /// <exception cref="EvaluationException">It cannot be evaluated.</exception>
    Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CandidateTraining training, CancellationToken cancel) => Evaluate(shared, candidate, images, cancel);

    /// <summary>Exports a member, checks the exported files, and measures it on the test set: the only use of the test set.</summary>
    FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel);

    /// <summary>The same of a member that its evaluation trained; a kind whose evaluations train nothing leaves this as it is. The result does not depend on whether the weights are there.</summary>
    FinishedMember Finish(BlobId shared, FrontMember member, TrainedCandidate trained, IProgress<Progress> progress, CancellationToken cancel) => Finish(shared, member, progress, cancel);
}
