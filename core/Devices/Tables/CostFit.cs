using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>Predicts operations that were not measured from those that were, family by family. The same entries in any order give the same fit.</summary>
public sealed class CostFit
{
    private readonly Dictionary<string, FamilyFit> _families = new(StringComparer.Ordinal);

    private CostFit(IEnumerable<CostEntry> entries)
    {
        var families = new SortedDictionary<string, List<FamilyFit.Point>>(StringComparer.Ordinal);
        foreach (CostEntry entry in entries.GroupBy(e => e.Key, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            OpWork work = OpWork.Of(entry.Op, entry.Mode, entry.Batch);
            if (entry.Reading is not { Milliseconds: > 0 and < double.PositiveInfinity and double ms } reading || work.Family is null || !work.IsWork) continue;
            if (!families.TryGetValue(work.Family, out List<FamilyFit.Point>? points)) families[work.Family] = points = [];
            points.Add(new FamilyFit.Point(work, ms, reading.Spread is >= 0 and < double.PositiveInfinity and double spread ? spread / ms : 1));
        }
        List<FamilySummary> summaries = [];
        foreach (var (name, points) in families)
        {
            if (FamilyFit.Of(name, points) is { } fit) _families[name] = fit;
            summaries.Add(new FamilySummary(name, points.Count, _families.GetValueOrDefault(name)?.Interval, _families.GetValueOrDefault(name)?.Corrected ?? false));
        }
        Families = summaries.ToValueList();
    }

    /// <summary>All families with an entry, in the order of their names.</summary>
    public ValueList<FamilySummary> Families { get; }

    public static CostFit Of(CostTable table) => new(table.Entries);

    /// <summary>Entries without a reading count for nothing; of several with one key the last counts.</summary>
    public static CostFit Of(IEnumerable<CostEntry> entries) => new(entries);

    /// <summary>The fewest entries that carry a model with so many features in use; a family with fewer predicts nothing.</summary>
    public static int MinimumEntries(int features) => FamilyFit.MinimumEntries(features);

    /// <returns>Null when too little of the operation's family was measured, or its kind of work was not (a first fused function, say).</returns>
    public Prediction? Predict(Op op, Mode mode = Mode.Infer, int batch = 1)
    {
        OpWork work = OpWork.Of(op, mode, batch);
        return work.Family is not null && _families.TryGetValue(work.Family, out FamilyFit? fit) ? fit.Predict(work) : null;
    }

    /// <summary>As the other, in the mode and batch of the operation's workload.</summary>
    public Prediction? Predict(Op op, Workload of) => Predict(op, of.Mode, of.Batch);

    internal FamilyFit? Family(string name) => _families.GetValueOrDefault(name);
}
