using Hone.Model;

namespace Hone.Data.Tables;

/// <summary>How many samples each part has.</summary>
public sealed record TableCounts(int Train, int Validation, int Test);

/// <summary>A table's parts, each feature scaled to [0, pi] by its range in the training part; what lies outside is brought to the nearer end.</summary>
/// <param name="Validation">What candidates are ranked by.</param>
/// <param name="Test">For final reporting only.</param>
public sealed record TableSplit(Table Train, Table Validation, Table Test)
{
    /// <summary>Parts of one table, each as balanced as it allows.</summary>
    /// <param name="seed">Of training and validation part.</param>
    /// <param name="testSeed">Of the test part.</param>
    /// <exception cref="SpecException">The table has fewer samples.</exception>
    public static TableSplit Carve(Table table, TableCounts counts, ulong seed, ulong testSeed)
    {
        Need(table, counts, counts.Test);
        (Table test, Table rest) = table.Part(counts.Test, testSeed);
        return Beside(rest, test, counts, seed);
    }

    /// <summary>Training and validation part of a table, beside a test part of its own.</summary>
    /// <exception cref="SpecException">The table has fewer samples.</exception>
    public static TableSplit Beside(Table table, Table test, TableCounts counts, ulong seed)
    {
        Need(table, counts, 0);
        (Table validation, Table rest) = table.Part(counts.Validation, seed);
        return Scaled(rest.Part(counts.Train, seed).Front, validation, test);
    }

    private static void Need(Table table, TableCounts counts, int tested)
    {
        if (counts is not { Train: >= 1, Validation: >= 0, Test: >= 0 } || counts.Train + counts.Validation + tested > table.Count)
            throw new SpecException($"data: expected at least 1 sample to train on and no more than there are ({table.Count}), got train {counts.Train}, validation {counts.Validation}, test {counts.Test}");
    }

    private static TableSplit Scaled(Table train, Table validation, Table test)
    {
        double[] low = new double[train.Width], high = new double[train.Width];
        Array.Fill(low, double.PositiveInfinity);
        Array.Fill(high, double.NegativeInfinity);
        for (int i = 0; i < train.Features.Length; i++)
            (low[i % train.Width], high[i % train.Width]) = (Math.Min(low[i % train.Width], train.Features[i]), Math.Max(high[i % train.Width], train.Features[i]));
        double Angle(double value, int f) => high[f] > low[f] ? Math.PI * Math.Clamp((value - low[f]) / (high[f] - low[f]), 0, 1) : 0;
        Table Angles(Table part) => part with { Features = [.. part.Features.Select((v, i) => Angle(v, i % part.Width))] };
        return new TableSplit(Angles(train), Angles(validation), Angles(test));
    }
}
