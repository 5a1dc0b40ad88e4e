using System.Globalization;

namespace Hone.Model;

/// <summary>When a gene matters: the gene named <paramref name="Parent"/> has at least its choice number <paramref name="AtLeast"/>.</summary>
public sealed record Activation(string Parent, int AtLeast);

/// <summary>One searched property with finite choices, written in canonical text ("0.25", "64", "relu").</summary>
/// <param name="Name">Unique within its space.</param>
/// <param name="Choices">Canonical texts; numbers in invariant shortest form.</param>
/// <param name="When">Inactive genes stand at their first choice and are left out of the key.</param>
/// <param name="Block">Genes of one block are exchanged together by crossover; null: alone.</param>
/// <param name="Mutation">Probability that a mutation redraws this gene; null: the searcher's default.</param>
public sealed record Gene(string Name, ValueList<string> Choices, Activation? When = null, string? Block = null, double? Mutation = null)
{
    /// <summary>A gene over numbers.</summary>
    public static Gene Of(string name, params ReadOnlySpan<double> choices)
    {
        string[] texts = new string[choices.Length];
        for (int i = 0; i < texts.Length; i++) texts[i] = choices[i].ToString(CultureInfo.InvariantCulture);
        return new Gene(name, texts.ToValueList());
    }

    /// <summary>The value of a choice as a number.</summary>
    public double Number(int choice) => double.Parse(Choices[choice], NumberStyles.Float, CultureInfo.InvariantCulture);
}
