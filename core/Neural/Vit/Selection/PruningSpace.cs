using System.Globalization;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>A pruned net: after which blocks' selectors which share of all patches is left.</summary>
/// <param name="Blocks">Blocks with a selector before them, ascending, counted from 0.</param>
/// <param name="Shares">Share of the image's patches that each leaves, of all N.</param>
public sealed record PruningPlan(ValueList<int> Blocks, ValueList<double> Shares)
{
    public static PruningPlan Dense { get; } = new([], []);
}

/// <summary>The genes: for each position the share of arriving tokens that its selector keeps, 1 for none.</summary>
public static class PruningSpace
{
    public static SearchSpace Build(PruningConfig config) => new(config.Positions
        .Select(b => new Gene($"keep{b}", config.Keeps.Select(k => k.ToString("0.###", CultureInfo.InvariantCulture)).ToValueList())).ToArray());

    /// <summary>The plan of a candidate.</summary>
    public static PruningPlan Plan(Candidate candidate, PruningConfig config) => Plan([.. config.Positions.Select((_, i) => config.Keeps[candidate.Choices[i]])], config);

    /// <param name="keeps">(positions).</param>
    internal static PruningPlan Plan(double[] keeps, PruningConfig config)
    {
        List<int> blocks = [];
        List<double> shares = [];
        double left = 1;
        for (int i = 0; i < keeps.Length; i++)
        {
            if (keeps[i] >= 1) continue;
            blocks.Add(config.Positions[i]);
            shares.Add(left *= keeps[i]);
        }
        return new PruningPlan([.. blocks], [.. shares]);
    }
}
