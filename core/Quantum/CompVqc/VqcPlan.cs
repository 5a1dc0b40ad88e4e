using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.CompVqc;

/// <summary>How a circuit is compressed: which levels, and on which way there.</summary>
public enum VqcWay
{
    /// <summary>Not at all: trained on for as long.</summary>
    Dense,

    /// <summary>The smallest angles to 0 at once (pruning alone).</summary>
    Prune,

    /// <summary>Angles to the nearest quarter turns at once (quantisation alone).</summary>
    Quantise,

    /// <summary>To levels of the compression table, at once.</summary>
    OneShot,

    /// <summary>To levels of the table, a part in each round.</summary>
    Gradual,

    /// <summary>To levels of the table by the alternating direction method of multipliers.</summary>
    Admm,

    /// <summary>The same, a saved gate counting for what it errs where the machine places it.</summary>
    AdmmPlaced,

    /// <summary>The same, what an angle saves being measured in each round by compiling the circuit for the machine.</summary>
    AdmmCompiled,
}

/// <summary>Names of ways, and what they are made of.</summary>
public static class VqcWays
{
    private static readonly (VqcWay Way, string Name, SnapSchedule Schedule, SnapRule Rule)[] Table =
    [
        (VqcWay.Dense, "dense", SnapSchedule.None, SnapRule.Table), (VqcWay.Prune, "prune", SnapSchedule.OneShot, SnapRule.Zero), (VqcWay.Quantise, "quantise", SnapSchedule.OneShot, SnapRule.Quarter),
        (VqcWay.OneShot, "one-shot", SnapSchedule.OneShot, SnapRule.Table), (VqcWay.Gradual, "gradual", SnapSchedule.Gradual, SnapRule.Table),
        (VqcWay.Admm, "admm", SnapSchedule.Admm, SnapRule.Table), (VqcWay.AdmmPlaced, "admm-placed", SnapSchedule.Admm, SnapRule.Table),
        (VqcWay.AdmmCompiled, "admm-compiled", SnapSchedule.Admm, SnapRule.Table),
    ];

    public static IEnumerable<string> Names => Table.Select(w => w.Name);

    public static VqcWay Parse(string name) => Table.First(w => w.Name == name).Way;

    public static string Name(this VqcWay way) => Table[(int)way].Name;

    public static SnapSchedule Schedule(this VqcWay way) => Table[(int)way].Schedule;

    public static SnapRule Rule(this VqcWay way) => Table[(int)way].Rule;
}

/// <summary>A candidate: a circuit's gates, its first weights, and how it is compressed for which machine.</summary>
/// <param name="Start">Which first weights.</param>
/// <param name="Rate">The share of the angles that is brought to levels; 0 where nothing is.</param>
/// <param name="Target">The machine whose gates make the compression table: an index into the study's machines.</param>
public sealed record VqcPlan(AnsatzKind Ansatz, int Blocks, int Start, VqcWay Way, double Rate, int Target)
{
    /// <summary>What it shares with others: circuit and first weights.</summary>
    public VqcCircuitKey Circuit => new(Ansatz, Blocks, Start);
}

/// <summary>A circuit that is trained once and compressed in many ways.</summary>
public sealed record VqcCircuitKey(AnsatzKind Ansatz, int Blocks, int Start)
{
    /// <summary>"compvqc/1/0".</summary>
    public override string ToString() => $"{CompVqcSpace.Name(Ansatz)}/{Blocks}/{Start}";
}
