namespace Hone.Devices.Tables;

/// <summary>
/// Gradient-boosted regression trees for squared error (Friedman, "Greedy function approximation", 2001, algorithm 2): each tree is fitted to what those before it
/// leave, and a tenth of it counts. No chance is in it: of equal splits the first feature's lowest is taken.
/// </summary>
internal sealed class BoostedTrees
{
    private const int Rounds = 100;
    private const double Shrinkage = 0.1;

    private readonly RegressionTree[] _trees;

    private BoostedTrees(RegressionTree[] trees) => _trees = trees;

    /// <param name="x">Shape (rows, features).</param>
    /// <param name="y">Shape (rows).</param>
    public static BoostedTrees Fit(double[][] x, double[] y)
    {
        SortedFeature[] sorted = Sorted(x);
        double[] left = [.. y];
        var trees = new RegressionTree[Rounds];
        for (int t = 0; t < Rounds; t++)
        {
            trees[t] = RegressionTree.Fit(x, left, sorted);
            for (int r = 0; r < x.Length; r++) left[r] -= Shrinkage * trees[t].Of(x[r]);
        }
        return new BoostedTrees(trees);
    }

    /// <param name="row">Shape (features).</param>
    public double Of(double[] row)
    {
        double sum = 0;
        foreach (RegressionTree tree in _trees) sum += Shrinkage * tree.Of(row);
        return sum;
    }

    /// <summary>The features that vary, each with the rows in its order, sorted once for all trees.</summary>
    private static SortedFeature[] Sorted(double[][] x) => [.. Enumerable.Range(0, x.Length == 0 ? 0 : x[0].Length)
        .Select(f => new SortedFeature(f, [.. x.Select((row, r) => (Row: r, Value: row[f])).OrderBy(v => v.Value)])).Where(f => f.Rows[0].Value < f.Rows[^1].Value)];
}
