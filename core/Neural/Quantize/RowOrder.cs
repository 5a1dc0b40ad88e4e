namespace Hone.Neural.Quantize;

/// <summary>
/// Which rows of a matrix get 8 bits. Rows are ordered once by what 4 bits would cost the output, score[m] = sum_j (W[m,j] - W4[m,j])^2 E[x_j^2]
/// (the idea of FILM-QNN, FPGA 2022), and a ratio takes a leading part of that order: the sets are nested in r by construction.
/// </summary>
public static class RowOrder
{
    /// <summary>M8 = group * floor(r M / group + 1/2), at most M.</summary>
    public static int EightBitRows(double ratio, int rows, int group) =>
        Math.Min(rows, group * (int)Math.Floor(ratio * rows / group + 0.5));

    /// <summary>Row numbers by falling score; equal scores by rising number. Shape (M) to (M).</summary>
    public static int[] ByScore(ReadOnlySpan<double> scores)
    {
        int[] order = new int[scores.Length];
        double[] keys = new double[scores.Length];
        for (int m = 0; m < order.Length; m++) (order[m], keys[m]) = (m, scores[m]);
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }

    /// <summary>
    /// Marks the 8-bit rows of a subnet. <paramref name="active"/> (M_used): the rows of the full matrix that the subnet uses, ascending;
    /// the answer (M_used) is 1 for 8 bits and 0 for 4.
    /// </summary>
    public static void Mark(ReadOnlySpan<int> order, ReadOnlySpan<int> active, int eightBitRows, Span<float> eight)
    {
        eight.Clear();
        if (eightBitRows == 0) return;
        Span<int> place = order.Length <= 1024 ? stackalloc int[order.Length] : new int[order.Length];
        place.Fill(-1);
        for (int i = 0; i < active.Length; i++) place[active[i]] = i;
        int left = eightBitRows;
        for (int i = 0; i < order.Length && left > 0; i++)
            if (place[order[i]] >= 0)
            {
                eight[place[order[i]]] = 1;
                left--;
            }
    }
}
