namespace Hone.Benchmarks.TokenSparsity;

/// <summary>What decides where tokens are dropped, and how many, for a budget.</summary>
internal enum PlanBy
{
    /// <summary>A device's latencies of a block, and the loss that shares cost.</summary>
    Table,

    /// <summary>The same with multiply-accumulates in the place of latencies.</summary>
    Macs,

    /// <summary>Each selector leaves the same share of what arrives.</summary>
    EqualShares,

    /// <summary>Accuracy after training, selector after selector from the last block forwards.</summary>
    Insertion,
}

internal static class PlanBys
{
    /// <summary>In the order of their numbers.</summary>
    public static IReadOnlyList<PlanBy> All { get; } = Enum.GetValues<PlanBy>();

    public static string Text(this PlanBy by) => by switch
    {
        PlanBy.Table => "by table",
        PlanBy.Macs => "by multiply-accumulates",
        PlanBy.EqualShares => "equal shares",
        _ => "by insertion",
    };
}
