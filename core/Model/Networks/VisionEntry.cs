namespace Hone.Model;

/// <summary>The parts of <see cref="VisionReference"/> that know the grid: entries of stages, and windows.</summary>
internal static class VisionEntry
{
    /// <summary>The tokens of the next stage, and its grid's side.</summary>
    public static (List<VisionToken> X, int Grid) Enter(StageEntry entry, List<VisionToken> x, int grid, double epsilon)
    {
        Dictionary<int, double[]> alive = x.Where(t => t.IsPatch).ToDictionary(t => t.Place, t => t.Values);
        if (entry is StageEntry.Merge merge)
        {
            int half = grid / 2, width = merge.Norm.Gain.Length / 4;
            var merged = new List<VisionToken>();
            for (int place = 0; place < half * half; place++)
            {
                int at = (place / half * 2 * grid) + (place % half * 2);
                int[] four = [at, at + grid, at + 1, at + grid + 1];
                if (four.Any(alive.ContainsKey))
                    merged.Add(new VisionToken(place, VisionReference.Linear(merge.Reduction, VisionReference.Norm(merge.Norm, [.. four.SelectMany(i => alive.GetValueOrDefault(i) ?? new double[width])], epsilon))));
            }
            return (merged, half);
        }
        var (patches, classToken) = (StageEntry.Pool)entry;
        int c = patches.Inputs;
        double[] image = new double[c * grid * grid];                          // (C, grid, grid)
        foreach (var (place, values) in alive)
            for (int ch = 0; ch < c; ch++) image[(ch * grid * grid) + place] = values[ch];
        double[] y = VisionReference.Convolve(patches, image, grid);
        int size = patches.Out(grid);
        var pooled = x.Where(t => t.Place == VisionToken.Class).Select(Through).ToList();
        for (int place = 0; place < size * size; place++)
            if (Field(place).Any(alive.ContainsKey)) pooled.Add(new VisionToken(place, [.. Enumerable.Range(0, patches.M).Select(ch => y[(ch * size * size) + place])]));
        return ([.. pooled, .. x.Where(t => t.Place == VisionToken.Package).Select(Through)], size);

        VisionToken Through(VisionToken t) => new(t.Place, VisionReference.Linear(classToken, t.Values));

        IEnumerable<int> Field(int place)
        {
            for (int at = 0; at < patches.Kernel * patches.Kernel; at++)
            {
                int r = (place / size * patches.Stride) - patches.Padding + (at / patches.Kernel), column = (place % size * patches.Stride) - patches.Padding + (at % patches.Kernel);
                if (r >= 0 && r < grid && column >= 0 && column < grid) yield return (r * grid) + column;
            }
        }
    }

    /// <summary>Which window a place is in, told apart by the side of the image where rolling has brought both sides into one.</summary>
    public static (int, int, bool, bool) Window(WindowAttention w, int grid, int place)
    {
        if (place < 0) throw new ArgumentException("windows have no room for a class token or a package");
        int row = place / grid, column = place % grid;
        return (Rolled(row) / w.Size, Rolled(column) / w.Size, row < w.Shift, column < w.Shift);

        int Rolled(int at) => (at - w.Shift + grid) % grid;
    }

    /// <summary>How many relative places there are.</summary>
    public static int Relative(WindowAttention w) => ((2 * w.Size) - 1) * ((2 * w.Size) - 1);

    /// <summary>The relative place of two tokens of one window.</summary>
    public static int Between(WindowAttention w, int grid, int i, int j)
    {
        return (((i / grid) - (j / grid) + w.Size - 1) * ((2 * w.Size) - 1)) + (i % grid) - (j % grid) + w.Size - 1;
    }
}
