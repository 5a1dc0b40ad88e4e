namespace Hone.Benchmarks.QuasarVit;

/// <summary>A member of a front with its accuracy in % on images that had no part in choosing it.</summary>
internal sealed record Scored(double LatencyMs, int SearchRight, double Accuracy);

/// <summary>What a front is worth on images that had no part in choosing it. Members are always preferred by the search images alone, so no winner's curse enters.</summary>
internal static class FrontQuality
{
    /// <summary>
    /// Hypervolume of (accuracy, latency) against the point (reference, limit), over the range of latencies: in points of accuracy, the mean over all latencies from the
    /// smallest possible to the limit of how far the member that one would take there lies above the reference; 0 where the front has none as fast.
    /// </summary>
    /// <param name="reference">Accuracy in %.</param>
    /// <param name="fromMs">Latency of the fastest net of the space.</param>
    /// <param name="limitMs">The largest allowed latency.</param>
    public static double Points(IReadOnlyList<Scored> front, double reference, double fromMs, double limitMs)
    {
        double[] starts = [.. front.Select(m => m.LatencyMs).Where(ms => ms < limitMs).Distinct().Order(), limitMs];
        double area = 0;
        for (int i = 0; i + 1 < starts.Length; i++)
            area += Math.Max(0, At(front, starts[i])!.Accuracy - reference) * (starts[i + 1] - starts[i]);
        return area / (limitMs - fromMs);
    }

    /// <summary>The member that the search images prefer at a latency (the faster of equals), or null when none is as fast.</summary>
    public static Scored? At(IReadOnlyList<Scored> front, double targetMs)
    {
        Scored? best = null;
        foreach (Scored m in front)
            if (m.LatencyMs <= targetMs && (best is null || m.SearchRight > best.SearchRight || (m.SearchRight == best.SearchRight && m.LatencyMs < best.LatencyMs))) best = m;
        return best;
    }
}
