using Hone.Model;

namespace Hone.Contracts;

/// <summary>What became of a trial, as a byte of a column.</summary>
public enum OutcomeCode : byte { Evaluated, Rejected, Duplicate, Failed }

/// <summary>The values of a metric over the trials of a page.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Unit">Of the first trial that has it.</param>
/// <param name="Origin">Of the first trial that has it.</param>
/// <param name="Values">(trials), in <paramref name="Unit"/>; NaN where a trial has none.</param>
[GenerateSerializer, Immutable]
[Alias("hone.metric-column")]
public sealed record MetricColumn([property: Id(0)] string Metric, [property: Id(1)] string Unit, [property: Id(2)] Origin Origin, [property: Id(3)] double[] Values);

/// <summary>Committed trials as numbers alone, a tenth of their lines: what pictures and sorted tables are made of.</summary>
/// <param name="From">Ordinal of the first.</param>
/// <param name="Outcomes">(trials), an <see cref="OutcomeCode"/> each.</param>
/// <param name="Metrics">In the order in which the trials bring them.</param>
/// <param name="Fidelities">(trials), the rung of each, <see cref="NoFidelity"/> where it has none; null where none of the page has one.</param>
[GenerateSerializer, Immutable]
[Alias("hone.column-page")]
public sealed record ColumnPage(
    [property: Id(0)] int From, [property: Id(1)] byte[] Outcomes, [property: Id(2)] ValueList<MetricColumn> Metrics, [property: Id(3)] byte[]? Fidelities = null)
{
    /// <summary>Stands where a trial has no rung.</summary>
    public const byte NoFidelity = byte.MaxValue;


    /// <summary>Most trials of a page: with eight metrics a quarter of a megabyte.</summary>
    public const int Most = 4_096;

    /// <summary>The trials from an ordinal on, as many as a page holds; none behind the last.</summary>
    /// <param name="trials">All, in the order of their ordinals.</param>
    /// <param name="from">At least 0.</param>
    public static ColumnPage Of(IReadOnlyList<Trial> trials, int from)
    {
        int count = Math.Clamp(trials.Count - from, 0, Most);
        byte[] outcomes = new byte[count];
        List<MetricColumn> metrics = [];
        for (int i = 0; i < count; i++)
        {
            outcomes[i] = (byte)CodeOf(trials[from + i].Outcome);
            foreach (Measurement m in trials[from + i].Measurements)
            {
                double[] values = ColumnOf(metrics, m, count).Values;
                if (double.IsNaN(values[i])) values[i] = m.Value;   // the first measurement of a metric is the one that counts
            }
        }
        return new ColumnPage(from, outcomes, metrics.ToValueList(), FidelitiesOf(trials, from, count));
    }

    private static byte[]? FidelitiesOf(IReadOnlyList<Trial> trials, int from, int count)
    {
        byte[]? fidelities = null;
        for (int i = 0; i < count; i++)
        {
            if (trials[from + i].Fidelity is not { } rung) continue;
            if (fidelities is null) Array.Fill(fidelities = new byte[count], NoFidelity);
            fidelities[i] = (byte)rung;
        }
        return fidelities;
    }

    private static MetricColumn ColumnOf(List<MetricColumn> metrics, Measurement m, int count)
    {
        foreach (MetricColumn known in metrics)
            if (known.Metric == m.Metric) return known;
        double[] values = new double[count];
        Array.Fill(values, double.NaN);
        metrics.Add(new MetricColumn(m.Metric, m.Unit, m.Origin, values));
        return metrics[^1];
    }

    private static OutcomeCode CodeOf(Outcome outcome) => outcome switch
    {
        Outcome.Evaluated => OutcomeCode.Evaluated, Outcome.Rejected => OutcomeCode.Rejected, Outcome.Duplicate => OutcomeCode.Duplicate, _ => OutcomeCode.Failed,
    };
}
