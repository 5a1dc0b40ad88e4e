using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>Judges a table by cross-validation: each fold of its operations is predicted by a fit to the others.</summary>
public static class CostEvaluation
{
    private const int Least = 3, Shown = 5;

    /// <param name="folds">At least 2; as many as there are entries: each is held out alone.</param>
    public static CalibrationReport Evaluate(CostTable table, int folds = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        CostEntry[] entries = [.. table.Entries.Where(e => e.Reading is not null)
            .GroupBy(e => e.Key, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(e => e.Key, StringComparer.Ordinal)];
        List<HeldOutCase> cases = Cases(entries, folds);
        ValueList<FamilyError> families = entries.GroupBy(FamilyOf, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            HeldOutCase[] own = [.. cases.Where(c => c.Family == g.Key)];
            return new FamilyError(g.Key, g.Count(), own.Length, Mean(own, c => Math.Abs(c.ErrorPercent)));
        }).ToValueList();
        return new CalibrationReport(table.Device, table.Version, entries.Length, cases.Count,
            Mean(cases, c => Math.Abs(c.ErrorPercent)), Mean(cases, c => c.ErrorPercent), cases.Count < Least ? null : Tau(cases), Mean(cases, c => c.Within ? 100 : 0),
            families, cases.OrderByDescending(c => Math.Abs(c.ErrorPercent)).ThenBy(c => c.Key, StringComparer.Ordinal).Take(Shown).ToValueList());
    }

    private static List<HeldOutCase> Cases(CostEntry[] entries, int folds)
    {
        int[] order = new Chance(1, Streams.Split).Permutation(entries.Length);
        List<HeldOutCase> cases = [];
        for (int fold = 0; fold < Math.Min(folds, entries.Length); fold++)
        {
            CostFit fit = CostFit.Of(order.Where((_, i) => i % folds != fold).Select(at => entries[at]));
            foreach (CostEntry entry in order.Where((_, i) => i % folds == fold).Select(at => entries[at]))
                if (fit.Predict(entry.Op, entry.Mode, entry.Batch) is { } p)
                    cases.Add(new HeldOutCase(entry.Key, p.Family, entry.Reading!.Milliseconds, p.Milliseconds, p.Interval));
        }
        return cases;
    }

    private static string FamilyOf(CostEntry entry) => OpWork.Of(entry.Op, entry.Mode, entry.Batch).Family ?? "measured only";

    private static double? Mean(IReadOnlyCollection<HeldOutCase> cases, Func<HeldOutCase, double> of) => cases.Count < Least ? null : cases.Average(of);

    /// <summary>Tau-b (Kendall 1945): pairs ordered alike less pairs ordered otherwise, over the root of the pairs untied in each.</summary>
    private static double? Tau(List<HeldOutCase> cases)
    {
        long difference = 0, untiedMeasured = 0, untiedPredicted = 0;
        for (int i = 0; i < cases.Count; i++)
            for (int j = i + 1; j < cases.Count; j++)
            {
                int a = cases[i].MeasuredMs.CompareTo(cases[j].MeasuredMs), b = cases[i].PredictedMs.CompareTo(cases[j].PredictedMs);
                difference += a * b;
                untiedMeasured += a * a;
                untiedPredicted += b * b;
            }
        return untiedMeasured == 0 || untiedPredicted == 0 ? null : difference / Math.Sqrt((double)untiedMeasured * untiedPredicted);
    }
}
