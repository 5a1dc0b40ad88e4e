using Hone.Model;

namespace Hone.Neural;

/// <summary>
/// Training in rounds (local SGD with an outer optimiser, DiLoCo, arXiv 2311.08105): each of K shards makes H steps of its own from the same weights, then Nesterov's method moves
/// these weights by the mean of what the shards changed. Constants of the study: the result depends on them and not on who computed which shard, when, or how often.
/// </summary>
/// <param name="Shards">K; the shards share out the batches of the plain training, so all of them together see as many images.</param>
/// <param name="Steps">H, inner steps a round.</param>
/// <param name="Rate">Outer learning rate.</param>
/// <param name="Momentum">Nesterov's; 0 with a rate of 1 is the plain mean of the shards' weights.</param>
public sealed record LocalSgd(int Shards, int Steps, double Rate, double Momentum)
{
    /// <exception cref="SpecException">A value that makes no rounds.</exception>
    public void Check()
    {
        if (Shards is < 2 or > 1_024) throw new SpecException($"shards: expected 2..1024 (1 is training without rounds), got {Shards}");
        if (Steps < 1) throw new SpecException($"inner steps: expected at least 1, got {Steps}");
        if (!(Rate is > 0 and <= 2)) throw new SpecException($"outer rate: expected a number above 0 and up to 2, got {Rate}");
        if (!(Momentum is >= 0 and < 1)) throw new SpecException($"outer momentum: expected 0..1 without 1, got {Momentum}");
    }
}
