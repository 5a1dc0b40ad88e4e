namespace Hone.Search;

/// <summary>
/// The volume that points dominate below a reference point. Two losses: a sweep; three: a sweep over the third with a staircase of the
/// first two; more: WFG (While, Bradstreet, Barone, "A fast way of calculating exact hypervolumes", IEEE TEC 2012).
/// </summary>
public static class Hypervolume
{
    /// <summary>The dominated volume, in the product of the losses' units.</summary>
    /// <param name="losses">Shape (n, m), row-major; dominated and repeated points are allowed and add nothing.</param>
    /// <param name="m">Losses per point.</param>
    /// <param name="reference">Shape (m), finite; a point that is not better than it in every loss adds nothing.</param>
    public static double Of(ReadOnlySpan<double> losses, int m, ReadOnlySpan<double> reference)
    {
        double[] inside = Inside(losses, m, reference);   // (k, m), k <= n
        return m switch
        {
            1 => OfOne(inside, reference[0]),
            2 => OfTwo(inside, reference[0], reference[1]),
            3 => OfThree(inside, reference),
            _ => Wfg.Of(inside, m, reference),
        };
    }

    /// <summary>Per point the volume that would be lost without it; 0 for dominated and repeated points. O(n log n) with two losses, else n volumes.</summary>
    /// <returns>Shape (n).</returns>
    public static double[] Contributions(ReadOnlySpan<double> losses, int m, ReadOnlySpan<double> reference)
    {
        int n = Points.Count(losses, m);
        if (reference.Length != m) throw new ArgumentException($"expected a reference of {m} losses, got {reference.Length}");
        if (m == 2) return ContributionsOfTwo(losses, reference);
        double[] contributions = new double[n], others = new double[Math.Max(0, n - 1) * m];   // (n), (n-1, m)
        for (int i = 0; i < n; i++)
        {
            losses[..(i * m)].CopyTo(others);
            losses[((i + 1) * m)..].CopyTo(others.AsSpan(i * m));
            contributions[i] = Gain(Points.Row(losses, m, i), others, m, reference);
        }
        return contributions;
    }

    /// <summary>
    /// Rows chosen one by one, each adding the most volume to those chosen before (the greedy choice reaches 1 - 1/e of the best volume: Nemhauser
    /// et al. 1978). Equal gains: the lower row. The reference is <see cref="ReferenceOf"/>.
    /// </summary>
    /// <returns>At most <paramref name="count"/> rows, in the order chosen; all rows when there are no more.</returns>
    public static int[] ChooseByContribution(ReadOnlySpan<double> losses, int m, int count)
    {
        int n = Points.Count(losses, m);
        double[] reference = ReferenceOf(losses, m), chosen = new double[Math.Clamp(count, 0, n) * m];   // (m), (count, m)
        int[] rows = new int[Math.Clamp(count, 0, n)];
        bool[] taken = new bool[n];
        for (int c = 0; c < rows.Length; c++)
        {
            int best = -1;
            double most = double.NegativeInfinity;
            for (int i = 0; i < n; i++)
            {
                if (taken[i]) continue;
                double gain = Gain(Points.Row(losses, m, i), chosen.AsSpan(0, c * m), m, reference);
                if (gain > most) (best, most) = (i, gain);
            }
            taken[rows[c] = best] = true;
            Points.Row(losses, m, best).CopyTo(chosen.AsSpan(c * m));
        }
        return rows;
    }

    /// <summary>The worst of every loss plus a tenth of its range (plus 1 where the range is 0), so that the ends of a front count.</summary>
    /// <returns>Shape (m); zeros for no points.</returns>
    public static double[] ReferenceOf(ReadOnlySpan<double> losses, int m)
    {
        int n = Points.Count(losses, m);
        double[] reference = new double[m];
        for (int k = 0; k < m && n > 0; k++)
        {
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (int i = 0; i < n; i++)
                (least, most) = (Math.Min(least, losses[i * m + k]), Math.Max(most, losses[i * m + k]));
            reference[k] = most + (most > least ? (most - least) / 10 : 1);
        }
        return reference;
    }

    /// <summary>The volume that a point adds to others: its box less what the others, moved into the box, cover (WFG's exclusive volume).</summary>
    private static double Gain(ReadOnlySpan<double> point, ReadOnlySpan<double> others, int m, ReadOnlySpan<double> reference)
    {
        double box = 1;
        for (int k = 0; k < m; k++) box *= Math.Max(0, reference[k] - point[k]);
        if (box == 0) return 0;
        double[] limited = new double[others.Length];   // (others, m)
        for (int i = 0; i < others.Length; i++) limited[i] = Math.Max(others[i], point[i % m]);
        return Math.Max(0, box - Of(limited, m, reference));
    }

    private static double[] Inside(ReadOnlySpan<double> losses, int m, ReadOnlySpan<double> reference)
    {
        int n = Points.Count(losses, m), kept = 0;
        if (reference.Length != m) throw new ArgumentException($"expected a reference of {m} losses, got {reference.Length}");
        foreach (double r in reference)
            if (!double.IsFinite(r)) throw new ArgumentException($"expected a finite reference, got {r}");
        double[] inside = new double[losses.Length];
        for (int i = 0; i < n; i++)
        {
            bool better = true;
            for (int k = 0; k < m; k++) better &= losses[i * m + k] < reference[k];
            if (better) Points.Row(losses, m, i).CopyTo(inside.AsSpan(kept++ * m));
        }
        return inside[..(kept * m)];
    }

    private static double OfOne(ReadOnlySpan<double> losses, double reference)
    {
        double least = reference;
        foreach (double loss in losses) least = Math.Min(least, loss);
        return reference - least;
    }

    private static double OfTwo(ReadOnlySpan<double> losses, double limitX, double limitY)
    {
        double area = 0, height = limitY;
        foreach (int i in Points.Lexicographic(losses, 2))
        {
            double y = losses[2 * i + 1];
            if (y >= height) continue;
            area += (limitX - losses[2 * i]) * (height - y);
            height = y;
        }
        return area;
    }

    private static double OfThree(ReadOnlySpan<double> losses, ReadOnlySpan<double> reference)
    {
        int n = losses.Length / 3;
        double[] depths = new double[n];   // (n), the third loss
        int[] order = new int[n];
        for (int i = 0; i < n; i++) (order[i], depths[i]) = (i, losses[3 * i + 2]);
        Array.Sort(depths, order);
        var stairs = new Staircase();
        double volume = 0, area = 0;
        for (int s = 0; s < n; s++)
        {
            double x = losses[3 * order[s]], y = losses[3 * order[s] + 1];
            if (!stairs.Covers(x, y))
            {
                area += stairs.Gain(x, y, reference[0], reference[1]);
                stairs.Insert(x, y);
            }
            volume += area * ((s + 1 < n ? depths[s + 1] : reference[2]) - depths[s]);
        }
        return volume;
    }

    /// <summary>A front member owns the box up to its neighbours, less what dominated points between them cover of it.</summary>
    private static double[] ContributionsOfTwo(ReadOnlySpan<double> losses, ReadOnlySpan<double> reference)
    {
        int n = losses.Length / 2;
        double[] contributions = new double[n];
        int[] order = Points.Lexicographic(losses, 2);
        double height = reference[1];
        for (int s = 0, next; s < n; s = next)
        {
            double x = losses[2 * order[s]], y = losses[2 * order[s] + 1];
            for (next = s + 1; next < n && losses[2 * order[next] + 1] >= y;) next++;
            double right = next < n ? Math.Min(losses[2 * order[next]], reference[0]) : reference[0];
            if (x < right && y < height)
            {
                double[] between = new double[2 * (next - s - 1)];   // (members between, 2)
                for (int b = s + 1; b < next; b++) Points.Row(losses, 2, order[b]).CopyTo(between.AsSpan(2 * (b - s - 1)));
                contributions[order[s]] = (right - x) * (height - y) - Of(between, 2, [right, height]);
            }
            height = Math.Min(height, y);
        }
        return contributions;
    }
}
