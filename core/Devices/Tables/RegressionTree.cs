namespace Hone.Devices.Tables;

/// <summary>A regression tree of depth 3, grown level by level; each split is the one that lowers the squared error most.</summary>
internal sealed class RegressionTree
{
    private const int Depth = 3, Splits = (1 << Depth) - 1, Leaves = 1 << Depth;
    private const int Least = 4;   // rows on each side of a split: fewer would be learned by heart

    // The node after i is 2 i + 1 where the feature is at most the threshold, else 2 i + 2. A node without a split sends everything left.
    private readonly int[] _feature = new int[Splits];
    private readonly double[] _threshold = new double[Splits];
    private readonly double[] _value = new double[Leaves];

    private RegressionTree() => Array.Fill(_threshold, double.PositiveInfinity);

    /// <param name="x">Shape (rows, features).</param>
    /// <param name="y">Shape (rows).</param>
    /// <param name="sorted">The features that may split.</param>
    public static RegressionTree Fit(double[][] x, double[] y, SortedFeature[] sorted)
    {
        var tree = new RegressionTree();
        int[] at = new int[x.Length];   // (rows): the node that each row has come to
        for (int level = 0; level < Depth; level++)
        {
            tree.Split(level, y, sorted, at);
            for (int r = 0; r < at.Length; r++) at[r] = tree.Next(at[r], x[r]);
        }
        tree.Average(y, at);
        return tree;
    }

    public double Of(double[] row)
    {
        int at = 0;
        while (at < Splits) at = Next(at, row);
        return _value[at - Splits];
    }

    private int Next(int node, double[] row) => 2 * node + (_threshold[node] == double.PositiveInfinity || row[_feature[node]] <= _threshold[node] ? 1 : 2);

    private void Split(int level, double[] y, SortedFeature[] sorted, int[] at)
    {
        int first = (1 << level) - 1, nodes = 1 << level;
        double[] total = new double[nodes], best = new double[nodes], sum = new double[nodes], last = new double[nodes];
        int[] rows = new int[nodes], seen = new int[nodes];
        for (int r = 0; r < at.Length; r++)
        {
            total[at[r] - first] += y[r];
            rows[at[r] - first]++;
        }
        Array.Fill(best, 1e-12);
        foreach (SortedFeature feature in sorted)
        {
            Array.Clear(sum);
            Array.Clear(seen);
            foreach ((int r, double value) in feature.Rows)
            {
                int n = at[r] - first;
                if (seen[n] >= Least && rows[n] - seen[n] >= Least && value > last[n])
                {
                    double rest = total[n] - sum[n];
                    double gain = sum[n] * sum[n] / seen[n] + rest * rest / (rows[n] - seen[n]) - total[n] * total[n] / rows[n];
                    if (gain > best[n]) (best[n], _feature[first + n], _threshold[first + n]) = (gain, feature.Feature, (last[n] + value) / 2);
                }
                sum[n] += y[r];
                seen[n]++;
                last[n] = value;
            }
        }
    }

    private void Average(double[] y, int[] at)
    {
        int[] rows = new int[Leaves];
        for (int r = 0; r < at.Length; r++)
        {
            _value[at[r] - Splits] += y[r];
            rows[at[r] - Splits]++;
        }
        for (int leaf = 0; leaf < Leaves; leaf++) _value[leaf] /= Math.Max(1, rows[leaf]);
    }
}
