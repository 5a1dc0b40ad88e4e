namespace Hone.Search;

/// <summary>Non-dominated sorting: rank 0 is the front, rank k the front of what is left without ranks below k.</summary>
/// <remarks>
/// In lexicographic order no point dominates an earlier one, and fronts are nested under domination, so each point's rank is found by bisection
/// over the fronts so far (ENS-BS: Zhang, Tian, Cheng, Jin, "An efficient approach to nondominated sorting", IEEE TEC 2015). With two losses a
/// front is known by its least second loss (Jensen 2003), with three by the staircase of its second and third: O(n log n) and
/// O(n log^2 n) comparisons. From four on a front's members are looked through.
/// </remarks>
public static class NonDominated
{
    /// <summary>The rank of every point; equal points share a rank.</summary>
    /// <param name="losses">Shape (n, m), row-major, smaller is better; infinities are allowed.</param>
    /// <param name="m">Losses per point, at least 1.</param>
    /// <exception cref="ArgumentException">A loss is NaN, or the length is no multiple of m.</exception>
    public static int[] Sort(ReadOnlySpan<double> losses, int m)
    {
        int n = Points.Count(losses, m), fronts = 0;
        int[] ranks = new int[n], order = Points.Lexicographic(losses, m);   // (n), (n)
        var least = new double[m == 2 ? n : 0];
        var stairs = new List<Staircase>();
        var members = new List<List<int>>();
        for (int s = 0; s < n; s++)
        {
            int p = order[s];
            ReadOnlySpan<double> point = Points.Row(losses, m, p);
            if (s > 0 && Points.Same(Points.Row(losses, m, order[s - 1]), point))
            {
                ranks[p] = ranks[order[s - 1]];
                continue;
            }
            int low = 0, high = fronts;
            while (low < high)
            {
                int middle = (low + high) >>> 1;
                bool behind = m switch
                {
                    1 => true,
                    2 => least[middle] <= point[1],
                    3 => stairs[middle].Covers(point[1], point[2]),
                    _ => AnyDominates(losses, m, members[middle], point),
                };
                if (behind) low = middle + 1; else high = middle;
            }
            ranks[p] = low;
            if (low == fronts)
            {
                fronts++;
                if (m == 3) stairs.Add(new Staircase());
                else if (m > 3) members.Add([]);
            }
            if (m == 2) least[low] = point[1];
            else if (m == 3) stairs[low].Insert(point[1], point[2]);
            else if (m > 3) members[low].Add(p);
        }
        return ranks;
    }

    /// <summary>The same by definition, in O(m n^2) per front: the judge of <see cref="Sort"/>.</summary>
    public static int[] SortSlowly(ReadOnlySpan<double> losses, int m)
    {
        int n = Points.Count(losses, m), left = n;
        int[] ranks = new int[n];
        Array.Fill(ranks, -1);
        for (int rank = 0; left > 0; rank++)
        {
            var front = new List<int>();
            for (int i = 0; i < n; i++)
            {
                bool dominated = ranks[i] >= 0;
                for (int j = 0; j < n && !dominated; j++)
                    dominated = ranks[j] < 0 && Points.Dominates(Points.Row(losses, m, j), Points.Row(losses, m, i));
                if (!dominated) front.Add(i);
            }
            foreach (int i in front) ranks[i] = rank;
            left -= front.Count;
        }
        return ranks;
    }

    /// <summary>The rows of rank 0, in row order.</summary>
    public static int[] Front(ReadOnlySpan<double> losses, int m)
    {
        int[] ranks = Sort(losses, m);
        var front = new List<int>();
        for (int i = 0; i < ranks.Length; i++)
            if (ranks[i] == 0) front.Add(i);
        return [.. front];
    }

    private static bool AnyDominates(ReadOnlySpan<double> losses, int m, List<int> members, ReadOnlySpan<double> point)
    {
        for (int i = members.Count - 1; i >= 0; i--)   // the latest member is the nearest in order: the likeliest to dominate
            if (Points.Covers(Points.Row(losses, m, members[i]), point)) return true;
        return false;
    }
}
