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
    /// <param name="most">At most so many besides the front: those that reach it by the widest margin, then the lower number. A front that is flat in accuracy
    /// has most of a search within two errors.</param>
    /// <returns>Candidate numbers in rising order.</returns>
    public static int[] Candidates(ReadOnlySpan<double> accuracy, ReadOnlySpan<double> losses, int k, PairedError error, double errors = 2, int most = int.MaxValue)
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
        List<int> chosen = [.. front];
        var reaching = new List<(double Margin, int Candidate)>();
        for (int i = 0; i < n; i++)
        {
            double margin = double.PositiveInfinity;   // over the members that dominate it; none: it equals a member
            foreach (int j in front)
                if (Points.Dominates(Points.Row(all, m, j), Points.Row(all, m, i))) margin = Math.Min(margin, accuracy[i] + errors * error(i, j) - accuracy[j]);
            if (margin >= 0 && !front.AsSpan().Contains(i)) reaching.Add((margin, i));
        }
        chosen.AddRange(reaching.OrderByDescending(r => r.Margin).ThenBy(r => r.Candidate).Take(most).Select(r => r.Candidate));
        chosen.Sort();
        return [.. chosen];
    }
}
