namespace Hone.Client.Results;

/// <summary>
/// Dots for a picture of many: up to <see cref="Most"/> are all drawn; of more, the first of each cell of a grid over their range, which at the
/// size of the picture covers nearly the same spots.
/// </summary>
/// <param name="Index">Which are drawn, ascending.</param>
/// <param name="StandsFor">How many of all lie in the cell of each; 1 where all are drawn.</param>
internal sealed record Thinning(IReadOnlyList<int> Index, IReadOnlyList<int> StandsFor)
{
    private const int Columns = 80, Rows = 50;

    public const int Most = Columns * Rows;

    public static Thinning Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count <= Most) return new Thinning([.. Enumerable.Range(0, x.Count)], [.. Enumerable.Repeat(1, x.Count)]);
        (double x0, double x1, double y0, double y1) = (x.Min(), x.Max(), y.Min(), y.Max());
        var place = new int[Most];   // of a cell in the lists, plus 1
        var index = new List<int>();
        var count = new List<int>();
        for (int i = 0; i < x.Count; i++)
        {
            int cell = Cell(y[i], y0, y1, Rows) * Columns + Cell(x[i], x0, x1, Columns);
            if (place[cell] > 0)
            {
                count[place[cell] - 1]++;
                continue;
            }
            index.Add(i);
            count.Add(1);
            place[cell] = index.Count;
        }
        return new Thinning(index, count);
    }

    private static int Cell(double value, double least, double greatest, int cells) =>
        greatest > least ? Math.Clamp((int)((value - least) / (greatest - least) * cells), 0, cells - 1) : 0;
}
