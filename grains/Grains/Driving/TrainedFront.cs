using Hone.Model;
using Hone.Search;
using Hone.Studies.Analysis;

namespace Hone.Grains.Driving;

/// <summary>
/// Keeps the weights of trained candidates for finishing: the state names those of the front so far, since a trial that is off it does not come back, and the blob store lets go what is
/// not named. Weights that are lost for another reason are trained anew by whoever finishes the member.
/// </summary>
internal sealed class TrainedFront(StudyPlace place)
{
    /// <summary>Of a trial; null: it was not trained, or its weights were not kept.</summary>
    public BlobId? Of(int ordinal) => place.State.Trained.FirstOrDefault(t => t.Ordinal == ordinal)?.Weights;

    /// <summary>Trials are committed.</summary>
    /// <param name="all">The journal.</param>
    /// <param name="fresh">What those of this page were trained to.</param>
    public async Task Committed(IReadOnlyList<Trial> all, IReadOnlyList<TrainedTrial> fresh)
    {
        if (fresh.Count == 0) return;
        HashSet<int> front = [.. FrontSelection.Members(FrontFidelity.Trials(all).Where(t => Limits.Broken(t.Measurements, place.Spec.Constraints) is null), place.Spec.Objectives).Select(m => m.Ordinal)];
        TrainedTrial[] arrived = [.. fresh.Where(t => front.Contains(t.Ordinal))];
        ValueList<TrainedTrial> kept = [.. place.State.Trained.Where(t => front.Contains(t.Ordinal)), .. await Task.Run(() => arrived.Where(Kept).ToList())];
        if (kept != place.State.Trained) await place.Save(s => s with { Trained = kept });
    }

    // A worker may go and take its own store with it. What another study's memo names may be gone.
    private bool Kept(TrainedTrial trial)
    {
        if (!place.Blobs.Has(trial.Weights)) return false;
        place.Blobs.Keep(trial.Weights);
        return true;
    }
}
