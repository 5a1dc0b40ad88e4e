using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.CompVqc;

/// <summary>Which parameters go to which values, and in which order.</summary>
public enum SnapRule
{
    /// <summary>To levels of the table, cheapest movement for what is saved first: distance / (saved + floor).</summary>
    Table,

    /// <summary>To levels of the table, the nearest first, whatever they save (compression without the transpiler in its loop).</summary>
    Distance,

    /// <summary>To 0, the smallest first (pruning).</summary>
    Zero,

    /// <summary>To quarter turns, the nearest first (quantisation).</summary>
    Quarter,
}

/// <summary>Where a parameter would go.</summary>
/// <param name="Value">The nearest value of its level, as near as periods allow.</param>
/// <param name="Score">Smaller is earlier.</param>
public readonly record struct Snap(double Value, double Score);

/// <summary>Chooses parameters to be snapped.</summary>
/// <param name="weights">[parameters]: what saved gates are worth.</param>
/// <param name="floor">Keeps scores of gates that save nothing finite.</param>
public sealed class Snapping(SnapRule rule, ValueList<(Gate Gate, int Angle)> parameters, CompressionTable table, ValueList<GateWeight> weights, double floor)
{
    /// <summary>Where each parameter would go, given its value; null where it has no level.</summary>
    /// <param name="inside">[parameters]: what each saves inside its circuit; the mean of that and of what the table says counts. Empty: the table alone.</param>
    public Snap?[] Of(ReadOnlySpan<double> values, ReadOnlySpan<double> inside = default)
    {
        var snaps = new Snap?[values.Length];
        for (int p = 0; p < snaps.Length; p++) snaps[p] = Of(p, values[p], inside.IsEmpty ? null : inside[p]);
        return snaps;
    }

    /// <summary>The parameters with the smallest scores.</summary>
    public int[] Best(ReadOnlySpan<double> values, int count, ReadOnlySpan<double> inside = default)
    {
        Snap?[] snaps = Of(values, inside);
        return [.. Enumerable.Range(0, snaps.Length).Where(p => snaps[p] is not null).OrderBy(p => snaps[p]!.Value.Score).Take(count)];
    }

    private Snap? Of(int parameter, double value, double? inside)
    {
        (Gate gate, int angle) = parameters[parameter];
        double period = gate.Parameters[angle].PeriodUpToPhase * Math.PI;
        double off;
        switch (rule)
        {
            case SnapRule.Zero:
                off = Math.IEEERemainder(value, period);
                return new Snap(value - off, Math.Abs(off));
            case SnapRule.Quarter:
                off = Math.IEEERemainder(value, Math.PI / 2);
                return new Snap(value - off, Math.Abs(off));
            default:
                if (table.Nearest(gate, angle, value) is not var (level, distance)) return null;
                off = Math.IEEERemainder(value - level.Value, period);
                double alone = Math.Max(0, level.Saved(weights[parameter]));
                return new Snap(value - off, rule == SnapRule.Distance ? distance : distance / ((inside is { } there ? (alone + there) / 2 : alone) + floor));
        }
    }
}
