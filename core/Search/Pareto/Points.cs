namespace Hone.Search;

/// <summary>What the Pareto functions share: points are rows of a row-major array of losses, shape (n, m), smaller is better.</summary>
internal static class Points
{
    /// <summary>The number of rows.</summary>
    /// <exception cref="ArgumentException">The length is no multiple of m, or a loss is NaN.</exception>
    public static int Count(ReadOnlySpan<double> losses, int m)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(m, 1);
        if (losses.Length % m != 0) throw new ArgumentException($"expected rows of {m} losses, got {losses.Length} numbers");
        for (int i = 0; i < losses.Length; i++)
            if (double.IsNaN(losses[i])) throw new ArgumentException($"point {i / m}: loss {i % m} is NaN, which has no order");
        return losses.Length / m;
    }

    public static ReadOnlySpan<double> Row(ReadOnlySpan<double> losses, int m, int i) => losses.Slice(i * m, m);

    /// <summary>a is no worse anywhere (equal points cover each other).</summary>
    public static bool Covers(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int k = 0; k < a.Length; k++)
            if (a[k] > b[k]) return false;
        return true;
    }

    /// <summary>a is no worse anywhere and better somewhere.</summary>
    public static bool Dominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Covers(a, b) && !Covers(b, a);

    public static bool Same(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Covers(a, b) && Covers(b, a);

    /// <summary>Row numbers by first loss, then second..., then row number; shape (n).</summary>
    public static int[] Lexicographic(ReadOnlySpan<double> losses, int m)
    {
        int n = losses.Length / m;
        double[] first = new double[n], all = losses.ToArray();   // (n), (n, m)
        int[] order = new int[n];
        for (int i = 0; i < n; i++) (order[i], first[i]) = (i, all[i * m]);
        Array.Sort(first, order);
        var byTheRest = Comparer<int>.Create((a, b) =>
        {
            for (int k = 1; k < m; k++)
            {
                int sign = all[a * m + k].CompareTo(all[b * m + k]);
                if (sign != 0) return sign;
            }
            return a.CompareTo(b);
        });
        for (int start = 0, end; start < n; start = end)
        {
            for (end = start + 1; end < n && first[end] == first[start];) end++;
            if (end - start > 1) Array.Sort(order, start, end - start, byTheRest);
        }
        return order;
    }
}
