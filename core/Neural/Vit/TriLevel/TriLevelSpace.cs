using System.Globalization;
using Hone.Model;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>The genes: how much each of the three levels takes away. Each candidate is a training of its own.</summary>
public static class TriLevelSpace
{
    /// <summary>Shares of examples removed, of patches kept by each pruning block, of links kept by each row.</summary>
    /// <param name="removed">Among them 0, which switches level 1 off; <paramref name="keep"/> and <paramref name="links"/> likewise with 1.</param>
    public static SearchSpace Build(ValueList<double> removed, ValueList<double> keep, ValueList<double> links) =>
        new(Of("removed", removed), Of("keep", keep), Of("links", links));

    /// <summary>The training of a candidate.</summary>
    public static TriLevelConfig Config(Candidate candidate, TriLevelConfig start)
    {
        double[] value = [.. candidate.Space.Genes.Select((g, i) => g.Number(candidate.Choices[i]))];
        return start with { Removed = value[0], Swapped = Math.Min(start.Swapped, value[0]), Keep = value[1], Links = value[2] };
    }

    private static Gene Of(string name, ValueList<double> choices) => new(name, choices.Select(c => c.ToString("0.###", CultureInfo.InvariantCulture)).ToValueList());
}
