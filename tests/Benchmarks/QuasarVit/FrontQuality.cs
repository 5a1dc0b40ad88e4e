using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>What a front is worth on images that had no part in choosing it.</summary>
internal static class FrontQuality
{
    /// <summary>
    /// Hypervolume of (accuracy, latency) below the reference point (reference accuracy, latency limit), over the limit: in points of accuracy, the mean over
    /// all latencies up to the limit of the front's accuracy above the reference.
    /// </summary>
    public static double Points(IReadOnlyList<Member> front, int scoreImages, double reference, double limitMs)
    {
        double[] losses = new double[2 * front.Count];   // (members, 2): -accuracy in %, latency in ms
        for (int i = 0; i < front.Count; i++) (losses[2 * i], losses[2 * i + 1]) = (-100.0 * front[i].ScoreRight / scoreImages, front[i].LatencyMs);
        return Hypervolume.Of(losses, 2, [-reference, limitMs]) / limitMs;
    }

    /// <summary>The member that the search images prefer at a latency, or null when none is as fast.</summary>
    public static Member? At(IReadOnlyList<Member> front, double targetMs)
    {
        Member? best = null;
        foreach (Member m in front)
            if (m.LatencyMs <= targetMs && (best is null || m.SearchRight > best.SearchRight)) best = m;
        return best;
    }
}
