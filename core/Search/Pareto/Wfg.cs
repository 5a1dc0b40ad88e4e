namespace Hone.Search;

/// <summary>WFG: the volume is the sum over points of the volume that each adds to those after it, found by limiting those to the point's box.</summary>
internal static class Wfg
{
    /// <param name="losses">Shape (n, m), all better than the reference.</param>
    /// <param name="m">Losses per point.</param>
    /// <param name="reference">Shape (m).</param>
    public static double Of(ReadOnlySpan<double> losses, int m, ReadOnlySpan<double> reference)
    {
        double[] front = Front(losses, m);   // (k, m), worst in the first loss first: limited sets then collapse early
        int n = front.Length / m;
        double volume = 0;
        for (int i = 0; i < n; i++)
        {
            double box = 1;
            for (int k = 0; k < m; k++) box *= reference[k] - front[i * m + k];
            double[] limited = front[((i + 1) * m)..];   // (n-i-1, m)
            for (int j = 0; j < limited.Length; j++) limited[j] = Math.Max(limited[j], front[i * m + j % m]);
            volume += limited.Length == 0 ? box : box - Of(limited, m, reference);
        }
        return volume;
    }

    private static double[] Front(ReadOnlySpan<double> losses, int m)
    {
        int[] order = Points.Lexicographic(losses, m);
        var kept = new List<int>();
        foreach (int i in order)
        {
            bool covered = false;
            foreach (int j in kept) covered = covered || Points.Covers(Points.Row(losses, m, j), Points.Row(losses, m, i));
            if (!covered) kept.Add(i);
        }
        kept.Reverse();
        double[] front = new double[kept.Count * m];
        for (int i = 0; i < kept.Count; i++) Points.Row(losses, m, kept[i]).CopyTo(front.AsSpan(i * m));
        return front;
    }
}
