using System.Globalization;
using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>What a part will cost, printed before anything runs.</summary>
internal static class EvidencePlan
{
    /// <exception cref="SpecException">The part is longer than its evidence allows.</exception>
    public static void Print(IEvidence evidence, EvidencePart part, UnitStore store, IBlobStore blobs, Speed speed, int workers, TextWriter log)
    {
        List<Unit> all = UnitOrder.All(part.Units.Value), open = UnitOrder.Open(part.Units.Value, store, blobs);
        var (reference, limit) = evidence.Budget;
        Line($"{evidence.Name}, part {part.Name}: {part.Title}");
        Line($"{"work",-14}{"units",7}{"open",7}{"training passes",18}{"evaluated samples",20}{"minutes here",14}");
        foreach (var sort in all.GroupBy(u => u.Sort)) Row(sort.Key, [.. sort], [.. sort.Where(open.Contains)]);
        Row("in all", all, open);
        Cost whole = Sum(all), left = Sum(open);
        Line($"here, {workers} workers, measured now: {speed.Training:#,0} training passes/s and {speed.Evaluation:#,0} evaluated samples/s; {left.Minutes(speed):F0} min left of {whole.Minutes(speed):F0}");
        Line($"two idle cores: {whole.Training:#,0} / {reference.Training:#,0} + {whole.Evaluation:#,0} / {reference.Evaluation:#,0} s = {whole.Minutes(reference):F0} min, limit {limit:F0}{(whole.Minutes(reference) > limit ? ": TOO LONG" : "")}");
        Line($"in training passes {whole.Passes:#,0} (an evaluation counts a third)");
        foreach (string note in part.Notes) log.WriteLine($"- {note}");
        if (whole.Passes > evidence.MostPasses)
            throw new SpecException(string.Create(CultureInfo.InvariantCulture, $"evidence {evidence.Name}, part {part.Name}: expected at most {evidence.MostPasses:#,0} passes, got {whole.Passes:#,0}: take fewer seeds, arms or epochs"));

        void Row(string name, List<Unit> units, List<Unit> missing)
        {
            Cost cost = Sum(units);
            Line($"{name,-14}{units.Count,7}{missing.Count,7}{cost.Training,18:#,0}{cost.Evaluation,20:#,0}{Sum(missing).Minutes(speed),14:F1}");
        }

        void Line(FormattableString text) => log.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static Cost Sum(IEnumerable<Unit> units) => units.Aggregate(default(Cost), (sum, u) => sum + u.Cost);
}
