using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>A whole network that was measured, beside the operations that it is made of: what the composition of operations costs is learned from these.</summary>
/// <param name="Key">The workload's.</param>
/// <param name="Operations">Distinct, by key; so their sum can be taken again with a later table.</param>
/// <param name="SumOfOperations">Their sum, milliseconds, when the network was measured; it serves where a table prices them no more. Null: not known.</param>
public sealed record NetworkEntry(string Key, Reading Reading, ValueList<OpTimes> Operations, double? SumOfOperations = null)
{
    /// <summary>A reading of a whole workload.</summary>
    public static NetworkEntry Of(Workload workload, Reading reading, double? sumOfOperations = null) =>
        new(workload.Key, reading, OperationsOf(workload), sumOfOperations);

    /// <summary>The workload's distinct operations in the order of their keys, with how often each runs.</summary>
    internal static ValueList<OpTimes> OperationsOf(Workload workload) => workload.Ops.GroupBy(op => OpKey.Of(op, workload), StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new OpTimes(g.Key, g.Sum(op => (double)op.Repeat))).ToValueList();
}
