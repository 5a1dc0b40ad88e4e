namespace Hone.Search;

/// <summary>Which candidates may belong to the front although a sampled accuracy puts them behind it.</summary>
public static class Reranking
{
    /// <summary>
    /// The candidates to rank again on more images: every front member, and every candidate whose accuracy plus <paramref name="errors"/> standard errors
    /// of its difference to each front member that dominates it reaches that member's accuracy. The exact losses are taken as they are.
    /// </summary>
    /// <param name="accuracy">Shape (n), fractions measured on the same images.</param>
    /// <param name="losses">Shape (n, k), exact, smaller is better (latency); k may be 0.</param>
    /// <param name="k">Exact losses per candidate.</param>
    /// <param name="error">See <see cref="PairedErrors"/>.</param>
    /// <param name="errors">Width in standard errors; 2 is about a 95 % interval.</param>
    /// <returns>Candidate numbers in rising order.</returns>
    public static int[] Candidates(ReadOnlySpan<double> accuracy, ReadOnlySpan<double> losses, int k, PairedError error, double errors = 2)
    {
        int n = accuracy.Length, m = k + 1;
        if (losses.Length != n * k) throw new ArgumentException($"expected {n} rows of {k} losses, got {losses.Length} numbers");
        double[] all = new double[n * m];   // (n, 1 + k): minus accuracy, then the exact losses
        for (int i = 0; i < n; i++)
        {
            all[i * m] = -accuracy[i];
            losses.Slice(i * k, k).CopyTo(all.AsSpan(i * m + 1));
        }
        int[] front = NonDominated.Front(all, m);
        var chosen = new List<int>();
        for (int i = 0; i < n; i++)
        {
            bool reaches = true;
            foreach (int j in front)
            {
                if (!reaches) break;
                reaches = !Points.Dominates(Points.Row(all, m, j), Points.Row(all, m, i)) || accuracy[i] + errors * error(i, j) >= accuracy[j];
            }
            if (reaches) chosen.Add(i);
        }
        return [.. chosen];
    }
}
