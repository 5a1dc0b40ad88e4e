using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>
/// The cost model of one family: time linear in the features with no negative coefficient, fitted to relative errors, and where many entries are known a correction of
/// its logarithm by trees, if that lowers the error on entries held out.
/// </summary>
internal sealed class FamilyFit
{
    /// <summary>The fewest entries that a correction is tried with.</summary>
    public const int EntriesForTrees = 40;

    private const int Folds = 10, AllOut = 20;   // up to 20 entries each is held out alone
    private const double Tight = 0.05;           // a reading whose spread is above 5 % counts less
    private const double Extrapolated = 0.1;     // [proposal] the interval grows by a tenth of the way beyond the fitted range, in logarithms
    private const double Exact = 0.005, Worth = 0.98;   // trees are tried above an error of half a percent, and kept where they take 2 % of it away
    private const double Smallest = 1e-9;        // milliseconds: a prediction is never nothing

    private readonly double[] _low, _high;       // (features): the range fitted

    private FamilyFit(string name, int entries, Linear model, double[] errors, bool corrected, double[] low, double[] high) =>
        (Name, Entries, Model, Errors, Corrected, _low, _high, Interval) = (name, entries, model, errors, corrected, low, high, Quantile(errors));

    public string Name { get; }

    public int Entries { get; }

    /// <summary>Whether trees correct the linear model.</summary>
    public bool Corrected { get; }

    /// <summary>|ln(measured / predicted)| that nine in ten held-out entries keep.</summary>
    public double Interval { get; }

    /// <summary>Shape (features).</summary>
    public double[] Coefficients => Model.Coefficients;

    /// <summary>|ln(measured / predicted)| of each entry, predicted without it.</summary>
    private double[] Errors { get; }

    private Linear Model { get; }

    /// <summary>The fewest entries that carry a model with so many features in use.</summary>
    public static int MinimumEntries(int features) => Math.Max(6, features + 2);

    /// <param name="points">In an order that does not depend on when they were measured.</param>
    /// <returns>Null when there are too few.</returns>
    public static FamilyFit? Of(string name, IReadOnlyList<Point> points)
    {
        int features = points.Count == 0 ? 0 : points[0].Work.Features.Length;
        double[] low = new double[features], high = new double[features];
        Array.Fill(low, double.PositiveInfinity);
        foreach (Point point in points)
            for (int f = 0; f < features; f++)
                if (point.Work.Features[f] is > 0 and double x) (low[f], high[f]) = (Math.Min(low[f], x), Math.Max(high[f], x));
        if (points.Count < MinimumEntries(high.Count(h => h > 0))) return null;
        double[] errors = HeldOut(points, trees: false);
        bool corrected = false;
        if (points.Count >= EntriesForTrees && errors.Average() > Exact && HeldOut(points, trees: true) is var better && better.Average() < Worth * errors.Average())
            (errors, corrected) = (better, true);
        return new FamilyFit(name, points.Count, Linear.Fit(points, corrected), errors, corrected, low, high);
    }

    /// <returns>Null when the operation has work of a kind that no fitted entry has, or sizes that are none.</returns>
    public Prediction? Predict(OpWork work)
    {
        if (!work.IsWork) return null;
        double beyond = 0;
        for (int f = 0; f < work.Features.Length; f++)
        {
            if (!(work.Features[f] > 0)) continue;
            if (_high[f] == 0) return null;
            beyond = Math.Max(beyond, Math.Max(Math.Log(work.Features[f] / _high[f]), Math.Log(_low[f] / work.Features[f])));
        }
        return new Prediction(Model.Of(work), Interval + Extrapolated * beyond, Name);
    }

    private static double[] HeldOut(IReadOnlyList<Point> points, bool trees)
    {
        int n = points.Count, folds = n <= AllOut ? n : Folds;
        int[] order = new Chance(0, Streams.Split).Permutation(n);
        double[] errors = new double[n];
        for (int fold = 0; fold < folds; fold++)
        {
            Point[] kept = [.. Enumerable.Range(0, n).Where(i => i % folds != fold).Select(i => points[order[i]])];
            Linear model = Linear.Fit(kept, trees);
            for (int i = fold; i < n; i += folds) errors[order[i]] = Math.Abs(points[order[i]].Residual(model));
        }
        return errors;
    }

    /// <summary>
    /// The ceil(0.9 (n + 1))-th smallest: what a further point keeps nine times in ten (split conformal prediction); the largest while fewer than nine are known.
    /// </summary>
    private static double Quantile(double[] errors)
    {
        double[] sorted = [.. errors.Order()];
        return sorted[Math.Min(sorted.Length, (int)Math.Ceiling(0.9 * (sorted.Length + 1))) - 1];
    }

    /// <summary>An operation with its time.</summary>
    /// <param name="RelativeSpread">Of the time.</param>
    internal readonly record struct Point(OpWork Work, double Milliseconds, double RelativeSpread)
    {
        /// <summary>ln(measured / predicted).</summary>
        internal double Residual(Linear model) => Math.Log(Milliseconds / model.Of(Work));
    }

    /// <summary>Time linear in the features, times the exponential of what the trees say.</summary>
    internal sealed record Linear(double[] Coefficients, BoostedTrees? Trees)
    {
        public static Linear Fit(IReadOnlyList<Point> points, bool trees)
        {
            double[][] rows = new double[points.Count][];   // (points, features), each divided by its time: then errors are relative
            double[] ones = new double[points.Count];
            for (int r = 0; r < rows.Length; r++)
            {
                double spread = points[r].RelativeSpread / Tight;
                ones[r] = 1 / Math.Sqrt(1 + spread * spread);
                rows[r] = [.. points[r].Work.Features.Select(x => x * ones[r] / points[r].Milliseconds)];
            }
            var linear = new Linear(NonNegativeLeastSquares.Solve(rows, ones), null);
            return trees ? linear with { Trees = BoostedTrees.Fit([.. points.Select(p => Logs(p.Work))], [.. points.Select(p => p.Residual(linear))]) } : linear;
        }

        public double Of(OpWork work)
        {
            double sum = 0;
            for (int f = 0; f < Coefficients.Length; f++) sum += Coefficients[f] * work.Features[f];
            return Math.Max(Smallest, sum) * Math.Exp(Trees?.Of(Logs(work)) ?? 0);
        }

        private static double[] Logs(OpWork work) => [.. work.Features.Concat(work.Shape).Select(x => Math.Log(1 + x))];
    }
}
