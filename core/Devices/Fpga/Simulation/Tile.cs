namespace Hone.Devices.Fpga.Simulation;

/// <summary>One visit of the array to a tile: some rows of one weight width, a stretch of K, for one group of heads.</summary>
/// <param name="Group">Which heads: Group Th .. Group Th + Th - 1; 0 for a fully connected layer.</param>
/// <param name="RowTile">Number of the row tile, counted over the whole product.</param>
/// <param name="Rows">Rows of the product, at most Tm; fewer leave rows of the array idle.</param>
/// <param name="WeightBits">As stored and streamed.</param>
/// <param name="From">First index of K.</param>
/// <param name="Pieces">Cycles that a column takes.</param>
/// <param name="First">Whether the accumulators begin at 0 here.</param>
/// <param name="Last">Whether the row tile's results are complete after it.</param>
internal sealed record Tile(int Group, int RowTile, int[] Rows, int WeightBits, int From, int Pieces, bool First, bool Last);

/// <summary>Cuts a product into the tiles that an engine visits, in its order: groups of heads, row tiles by weight width, stretches of K.</summary>
internal static class TilePlan
{
    public static List<Tile> Of(Engine engine, in GemmShape shape)
    {
        var tiles = new List<Tile>();
        bool perHead = shape.Heads > 0;
        int stretch = perHead ? engine.Tk : engine.Th * engine.Tk, inputBits = Math.Max(shape.InputBits, engine.Kind.ActivationBits), rowTile = 0;
        for (int head = 0; head < Math.Max(shape.Heads, 1); head += perHead ? engine.Th : 1)
        {
            foreach (var (bits, rows) in Widths(engine, shape))
                for (int row = 0; row < rows.Length; row += engine.Tm, rowTile++)
                    for (int from = 0; from < shape.K; from += stretch)
                        tiles.Add(new Tile(perHead ? head / engine.Th : 0, rowTile, rows[row..Math.Min(row + engine.Tm, rows.Length)], bits, from,
                            Atoms(bits, engine.Kind.WeightBits) * Atoms(inputBits, engine.Kind.ActivationBits), from == 0, from + stretch >= shape.K));
        }
        return tiles;
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

    private static int Atoms(int bits, int atom)
    {
        int pieces = 0;
        for (int covered = 0; covered < bits; covered += atom) pieces++;
        return pieces;
    }
}
