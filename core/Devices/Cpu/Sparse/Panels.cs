namespace Hone.Devices.Cpu.Sparse;

/// <summary>Blocks of W, those of a row of blocks together: the kept rows and columns of each.</summary>
internal static class Panels
{
    private const int SliceColumns = 64;   // of a dense W: with 64 columns of X 16 KiB, in the first cache

    /// <summary>A row or column of a block is kept when anything in it is; blocks with nothing are left out.</summary>
    /// <exception cref="ArgumentException">Blocks without size.</exception>
    public static List<Rectangle> Of(Mask mask, int height, int width)
    {
        if (height < 1 || width < 1) throw new ArgumentException($"expected blocks of at least 1 x 1, got {height} x {width}");
        (int outputs, int inputs) = (mask.Outputs, mask.Inputs);
        var rectangles = new List<Rectangle>();
        for (int top = 0; top < outputs; top += height)
        for (int left = 0; left < inputs; left += width)
        {
            int bottom = Math.Min(outputs, top + height), right = Math.Min(inputs, left + width);
            var rows = new List<int>();
            bool[] any = new bool[right - left];
            for (int m = top; m < bottom; m++)
            {
                ReadOnlySpan<bool> row = mask.Row(m)[left..right];
                if (!row.Contains(true)) continue;
                rows.Add(m);
                for (int k = 0; k < row.Length; k++) any[k] |= row[k];
            }
            if (rows.Count > 0) rectangles.Add(new Rectangle([.. rows], [.. Enumerable.Range(0, any.Length).Where(k => any[k]).Select(k => (ushort)(left + k))]));
        }
        return rectangles;
    }

    /// <summary>All rows and columns, in slices of columns.</summary>
    public static List<Rectangle> All(int outputs, int inputs) =>
        [.. Enumerable.Range(0, inputs).Select(k => (ushort)k).Chunk(SliceColumns).Select(columns => new Rectangle([.. Enumerable.Range(0, outputs)], columns))];
}
