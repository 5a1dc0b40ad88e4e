namespace Hone.Neural.Elastic;

/// <summary>The outer step of <see cref="LocalSgd"/> on plain arrays: sums in double, in the order of the shards, so the bits depend on nothing else.</summary>
internal static class OuterStep
{
    /// <summary>
    /// With d = mean_k(ends_k) - values: momentum = mu momentum + d, values = values + rate (d + mu momentum). Both are changed in place; all of them (P).
    /// </summary>
    public static void Apply(Span<float> values, Span<float> momentum, IReadOnlyList<float[]> ends, LocalSgd rounds)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double move = Mean(ends, i) - values[i], m = (rounds.Momentum * momentum[i]) + move;
            momentum[i] = (float)m;
            values[i] = (float)(values[i] + (rounds.Rate * (move + (rounds.Momentum * m))));
        }
    }

    /// <summary>The mean of the shards' arrays.</summary>
    public static float[] Mean(IReadOnlyList<float[]> ends) => [.. Enumerable.Range(0, ends[0].Length).Select(i => (float)Mean(ends, i))];

    /// <summary>
    /// Rows (of <paramref name="width"/> numbers) that shards wrote since the round's beginning, in the order of the shards; the others stay. No two shards of a round draw the same image but where
    /// an epoch ends in it: then the last one counts.
    /// </summary>
    public static float[] Written(float[] begin, IReadOnlyList<float[]> ends, int width)
    {
        float[] merged = [.. begin];
        foreach (float[] end in ends)
            for (int at = 0; at < merged.Length; at += width)
            {
                ReadOnlySpan<float> row = end.AsSpan(at, width);
                if (!row.SequenceEqual(begin.AsSpan(at, width))) row.CopyTo(merged.AsSpan(at, width));
            }
        return merged;
    }

    private static double Mean(IReadOnlyList<float[]> ends, int i)
    {
        double sum = 0;
        foreach (float[] end in ends) sum += end[i];
        return sum / ends.Count;
    }
}
