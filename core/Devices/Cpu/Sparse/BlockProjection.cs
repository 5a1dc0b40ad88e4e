namespace Hone.Devices.Cpu.Sparse;

/// <summary>
/// The mask of rows and columns in blocks that keeps most of W, greedily: columns of blocks by magnitude over the whole layer, then rows of blocks by what the kept columns leave of them, so
/// that blocks differ in density (GRIM, Euclidean projection). No output is left without inputs. Ties go to the lower index.
/// </summary>
public static class BlockProjection
{
    private const int MostRounds = 5;
    private const double Near = 0.01;   // of the density asked for

    /// <param name="weights">[M][K], row-major.</param>
    /// <exception cref="ArgumentException">A size or a share does not fit.</exception>
    public static Mask Project(ReadOnlySpan<float> weights, int outputs, int inputs, BlockPruning pruning)
    {
        if (outputs < 1 || inputs < 1 || weights.Length != (long)outputs * inputs) throw new ArgumentException($"expected {outputs} x {inputs} weights, at least 1 x 1, got {weights.Length}", nameof(weights));
        if (pruning.Height < 1 || pruning.Width < 1) throw new ArgumentException($"expected blocks of at least 1 x 1, got {pruning.Height} x {pruning.Width}", nameof(pruning));
        if (!(pruning.Density is > 0 and <= 1) || !(pruning.KeptRows is > 0 and <= 1))
            throw new ArgumentException($"expected a density and a share of rows in (0, 1], got {pruning.Density} and {pruning.KeptRows}", nameof(pruning));
        var grid = new Grid(outputs, inputs, pruning.Height, pruning.Width);
        double rows = Math.Max(pruning.KeptRows, pruning.Density), columns = pruning.Density / rows;
        double[] scores = grid.ColumnScores(weights);
        Mask? best = null;
        for (int round = 0; round < MostRounds; round++)
        {
            bool[] keptColumns = grid.Columns(scores, columns);
            Mask mask = grid.Meet(keptColumns, grid.Rows(weights, keptColumns, rows));
            if (best is null || Off(mask) < Off(best)) best = mask;
            if (Off(mask) <= Near) break;
            columns = Math.Min(1, columns * pruning.Density / mask.Density);
        }
        return best!;

        double Off(Mask mask) => Math.Abs(mask.Density / pruning.Density - 1);
    }

    /// <summary>W cut into blocks: columns of blocks are numbered [rows of blocks][K], rows of blocks [columns of blocks][M].</summary>
    private sealed class Grid(int outputs, int inputs, int height, int width)
    {
        private readonly int _down = (outputs + height - 1) / height, _across = (inputs + width - 1) / width;

        /// <summary>Root of the mean square of each column of a block.</summary>
        public double[] ColumnScores(ReadOnlySpan<float> weights)
        {
            double[] scores = new double[_down * inputs];
            for (int m = 0; m < outputs; m++)
            for (int k = 0; k < inputs; k++) scores[m / height * inputs + k] += (double)weights[m * inputs + k] * weights[m * inputs + k];
            for (int i = 0; i < scores.Length; i++) scores[i] = Math.Sqrt(scores[i] / Math.Min(height, outputs - i / inputs * height));
            return scores;
        }

        /// <summary>The best share of all, and the best of every row of blocks.</summary>
        public bool[] Columns(double[] scores, double share)
        {
            bool[] kept = Best(scores, [.. Enumerable.Range(0, scores.Length)], share);
            for (int i = 0; i < _down; i++)
                if (!kept.AsSpan(i * inputs, inputs).Contains(true)) kept[Strongest(scores, i * inputs, 1, inputs)] = true;
            return kept;
        }

        /// <summary>The best share of the rows of blocks that have columns, and the best of every output.</summary>
        public bool[] Rows(ReadOnlySpan<float> weights, bool[] columns, double share)
        {
            double[] scores = new double[_across * outputs];
            var candidates = new List<int>();
            for (int j = 0; j < _across; j++)
            for (int m = 0; m < outputs; m++)
            {
                int left = j * width, count = 0;
                double sum = 0;
                for (int k = left; k < Math.Min(inputs, left + width); k++)
                {
                    if (!columns[m / height * inputs + k]) continue;
                    sum += (double)weights[m * inputs + k] * weights[m * inputs + k];
                    count++;
                }
                scores[j * outputs + m] = count == 0 ? -1 : Math.Sqrt(sum / count);
                if (count > 0) candidates.Add(j * outputs + m);
            }
            bool[] kept = Best(scores, candidates, share);
            for (int m = 0; m < outputs; m++)
                if (!Enumerable.Range(0, _across).Any(j => kept[j * outputs + m])) kept[Strongest(scores, m, outputs, _across)] = true;
            return kept;
        }

        public Mask Meet(bool[] columns, bool[] rows)
        {
            bool[] kept = new bool[outputs * inputs];
            for (int m = 0; m < outputs; m++)
            for (int k = 0; k < inputs; k++) kept[m * inputs + k] = columns[m / height * inputs + k] && rows[k / width * outputs + m];
            return new Mask(outputs, inputs, kept);
        }

        private static bool[] Best(double[] scores, List<int> candidates, double share)
        {
            bool[] kept = new bool[scores.Length];
            candidates.Sort((a, b) => scores[a] != scores[b] ? scores[b].CompareTo(scores[a]) : a - b);
            foreach (int i in candidates.Take((int)Math.Round(share * candidates.Count))) kept[i] = true;
            return kept;
        }

        private static int Strongest(double[] scores, int from, int stride, int count) => Enumerable.Range(0, count).Select(i => from + i * stride).MaxBy(i => scores[i]);
    }
}
