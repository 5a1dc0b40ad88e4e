namespace Hone.Devices.Cpu.Sparse;

/// <summary>Rows of W in groups with the same kept columns, longest lists first, then by the lists: equal ones stand together and neighbours cost the same (GRIM, matrix reorder).</summary>
internal static class WholeRows
{
    public static List<Rectangle> Of(Mask mask)
    {
        int outputs = mask.Outputs;
        ushort[][] lists = new ushort[outputs][];
        for (int m = 0; m < outputs; m++) lists[m] = Kept(mask.Row(m));
        int[] order = [.. Enumerable.Range(0, outputs)];
        Array.Sort(order, (a, b) => Compare(lists[a], lists[b]) is var sign && sign != 0 ? sign : a - b);
        var groups = new List<Rectangle>();
        for (int from = 0, to; from < outputs; from = to)
        {
            for (to = from + 1; to < outputs && Compare(lists[order[from]], lists[order[to]]) == 0;) to++;
            groups.Add(new Rectangle(order[from..to], lists[order[from]]));
        }
        return groups;
    }

    /// <summary>Mean rows of a group.</summary>
    public static double RowsPerGroup(Mask mask) => (double)mask.Outputs / Of(mask).Count;

    private static ushort[] Kept(ReadOnlySpan<bool> row)
    {
        var kept = new List<ushort>();
        for (int k = 0; k < row.Length; k++)
            if (row[k]) kept.Add((ushort)k);
        return [.. kept];
    }

    private static int Compare(ushort[] a, ushort[] b) => a.Length != b.Length ? b.Length - a.Length : a.AsSpan().SequenceCompareTo(b);
}
