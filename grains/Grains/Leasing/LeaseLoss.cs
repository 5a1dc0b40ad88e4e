namespace Hone.Grains.Leasing;

/// <summary>
/// How a lease ended without an answer: its holder was silent, made no step, or gave it back. One that a stopping holder gave back (drained), or that was taken back for
/// a job above it (preempted), is no loss.
/// </summary>
public enum LeaseLoss { Silent, Stalled, Released, Drained, Preempted }
