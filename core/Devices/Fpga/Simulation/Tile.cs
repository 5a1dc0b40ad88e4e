namespace Hone.Devices.Fpga.Simulation;

/// <summary>One visit of the array to a tile: some rows of one weight width, a stretch of K, for one group of heads.</summary>
/// <param name="Group">Which heads: Group Th .. Group Th + Th - 1; 0 for a fully connected layer.</param>
/// <param name="RowTile">Number of the row tile, counted over the whole product.</param>
/// <param name="Rows">Rows of the product, at most Tm; fewer leave rows of the array idle.</param>
/// <param name="WeightBits">As stored and streamed.</param>
/// <param name="From">First index of K.</param>
/// <param name="First">Whether the accumulators begin anew here.</param>
/// <param name="Last">Whether the row tile's results are complete after it.</param>
/// <param name="Fetched">Whether its activations cross the external memory; else a bank of block RAM still holds them.</param>
internal sealed record Tile(int Group, int RowTile, int[] Rows, int WeightBits, int From, bool First, bool Last, bool Fetched)
{
    /// <summary>The head and the index of K at one of the Th Tk lanes; null where there is none.</summary>
    public (int Head, int K)? Source(Engine engine, in GemmShape shape, int lane)
    {
        int head = shape.Heads > 0 ? Group * engine.Th + lane / engine.Tk : 0, k = From + (shape.Heads > 0 ? lane % engine.Tk : lane);
        return head < Math.Max(shape.Heads, 1) && k < shape.K ? (head, k) : null;
    }
}

/// <summary>Cuts a product into the tiles that an engine visits, in its order: groups of heads, row tiles by weight width, stretches of K.</summary>
internal static class TilePlan
{
    public static List<Tile> Of(Engine engine, GemmShape shape)
    {
        var tiles = new List<Tile>();
        bool perHead = shape.Heads > 0, resident = Resident(engine, shape);
        int stretch = perHead ? engine.Tk : engine.Th * engine.Tk, rowTile = 0;
        for (int head = 0; head < Math.Max(shape.Heads, 1); head += perHead ? engine.Th : 1)
        {
            bool first = true;
            foreach (var (bits, all) in Widths(engine, shape))
                for (int row = 0; row < all.Length; row += engine.Tm, rowTile++, first = false)
                {
                    int[] rows = all[row..Math.Min(row + engine.Tm, all.Length)];
                    for (int from = 0; from < shape.K; from += stretch)
                        tiles.Add(new Tile(perHead ? head / engine.Th : 0, rowTile, rows, bits, from, from == 0, from + stretch >= shape.K, first || !resident));
                }
        }
        return tiles;
    }

    /// <summary>Whether the two input banks hold every stretch of K at once: stretches are laid into them in turn, F words each, while there is room.</summary>
    private static bool Resident(Engine engine, GemmShape shape)
    {
        int depth = 0;   // words of a bank: whole 18 Kb blocks of 512 x 36 bits
        while (depth < shape.Columns) depth += 512;
        int[] room = [depth, depth];
        int bank = 0;
        for (int from = 0; from < shape.K; from += shape.Heads > 0 ? engine.Tk : engine.Th * engine.Tk, bank ^= 1)
            if ((room[bank] -= shape.Columns) < 0) return false;
        return true;
    }

    /// <summary>Rows by the width that the engine stores them in. Rows 0..Rows4-1 are the narrow ones, then those of 8 bits, then of 16.</summary>
    private static IEnumerable<(int Bits, int[] Rows)> Widths(Engine engine, GemmShape shape)
    {
        var byWidth = new SortedDictionary<int, List<int>>();
        for (int row = 0; row < shape.Rows; row++)
        {
            int bits = Math.Max(row < shape.Rows4 ? 4 : row < shape.Rows4 + shape.Rows8 ? 8 : 16, engine.Kind.WeightBits);
            if (!byWidth.TryGetValue(bits, out List<int>? rows)) byWidth[bits] = rows = [];
            rows.Add(row);
        }
        return byWidth.Select(w => (w.Key, w.Value.ToArray()));
    }
}
