namespace Hone.Devices.Tables;

/// <summary>
/// min |A c - b|^2 with c of no negative entry: the active sets of Lawson and Hanson, "Solving Least Squares Problems" (1974), chapter 23, on normal equations
/// with columns of norm 1. Made for a handful of columns and any number of rows.
/// </summary>
internal static class NonNegativeLeastSquares
{
    private const double Tolerance = 1e-11;   // of a unit column's pull, and of a pivot: below it a column follows from the others

    /// <param name="a">Shape (rows, columns).</param>
    /// <param name="b">Shape (rows).</param>
    /// <returns>Shape (columns); columns that are zero, or follow from others, get zero.</returns>
    public static double[] Solve(double[][] a, double[] b)
    {
        int columns = a.Length == 0 ? 0 : a[0].Length;
        double[] norm = new double[columns];
        for (int j = 0; j < columns; j++) norm[j] = Math.Sqrt(a.Sum(row => row[j] * row[j]));
        var (gram, pull) = Normal(a, b, norm);
        double[] c = Active(gram, pull, Tolerance * Math.Max(1e-300, Math.Sqrt(b.Sum(v => v * v))));
        for (int j = 0; j < columns; j++) c[j] = norm[j] > 0 ? c[j] / norm[j] : 0;
        return c;
    }

    private static (double[,] Gram, double[] Pull) Normal(double[][] a, double[] b, double[] norm)
    {
        int columns = norm.Length;
        double[,] gram = new double[columns, columns];   // (columns, columns)
        double[] pull = new double[columns];
        for (int i = 0; i < columns; i++)
        {
            if (norm[i] == 0) continue;
            for (int r = 0; r < a.Length; r++) pull[i] += a[r][i] / norm[i] * b[r];
            for (int j = 0; j <= i; j++)
            {
                if (norm[j] == 0) continue;
                for (int r = 0; r < a.Length; r++) gram[i, j] += a[r][i] / norm[i] * (a[r][j] / norm[j]);
                gram[j, i] = gram[i, j];
            }
        }
        return (gram, pull);
    }

    private static double[] Active(double[,] gram, double[] pull, double tolerance)
    {
        int columns = pull.Length;
        double[] c = new double[columns];
        bool[] dependent = new bool[columns];
        List<int> passive = [];
        for (int turn = 0; turn < 10 * (columns + 1); turn++)   // the book expects columns / 2; ties that go round in circles end here
        {
            int best = -1;
            double most = tolerance;
            for (int j = 0; j < columns; j++)
            {
                if (dependent[j] || passive.Contains(j)) continue;
                double gain = pull[j];
                foreach (int p in passive) gain -= gram[j, p] * c[p];
                if (gain > most) (most, best) = (gain, j);
            }
            if (best < 0) return c;
            passive.Add(best);
            if (!Settle(gram, pull, passive, c))
            {
                passive.Remove(best);
                c[best] = 0;
                dependent[best] = true;
            }
        }
        return c;
    }

    /// <summary>
    /// Moves to the least squares of the passive columns, leaving those out that would turn negative on the way; false when the newest follows from the others.
    /// </summary>
    private static bool Settle(double[,] gram, double[] pull, List<int> passive, double[] c)
    {
        int newest = passive[^1];
        for (int left = passive.Count; left >= 0; left--)
        {
            if (passive.Count == 0) return true;
            double[]? s = Cholesky(gram, pull, passive);
            if (s is null || (passive.Count > 0 && passive[^1] == newest && s[^1] <= 0 && c[newest] == 0)) return false;
            double step = 1;
            for (int i = 0; i < s.Length; i++)
                if (s[i] <= 0) step = Math.Min(step, c[passive[i]] / (c[passive[i]] - s[i]));
            for (int i = 0; i < s.Length; i++) c[passive[i]] += step * (s[i] - c[passive[i]]);
            if (step == 1) return true;
            foreach (int p in passive) if (c[p] <= 1e-14) c[p] = 0;
            passive.RemoveAll(p => c[p] == 0);
        }
        return true;
    }

    /// <summary>Least squares of some columns; null when they depend on each other.</summary>
    private static double[]? Cholesky(double[,] gram, double[] pull, List<int> at)
    {
        int n = at.Count;
        double[,] l = new double[n, n];
        double[] s = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = gram[at[i], at[j]];
                for (int k = 0; k < j; k++) sum -= l[i, k] * l[j, k];
                if (i == j && !(sum > Tolerance)) return null;
                l[i, j] = i == j ? Math.Sqrt(sum) : sum / l[j, j];
            }
            s[i] = pull[at[i]];
            for (int k = 0; k < i; k++) s[i] -= l[i, k] * s[k];
            s[i] /= l[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++) s[i] -= l[k, i] * s[k];
            s[i] /= l[i, i];
        }
        return s;
    }
}
