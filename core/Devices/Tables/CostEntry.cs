using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>What is known of one operation: a reading, or why the device's nodes refuse it.</summary>
/// <param name="Key">As <see cref="OpKey"/> has it.</param>
/// <param name="Op">The operation that was run.</param>
/// <param name="Reading">One run of it; null when it was refused.</param>
/// <param name="Refused">Why it cannot run; null when it was measured.</param>
public sealed record CostEntry(string Key, Op Op, Reading? Reading, NodeFailure? Refused = null, Mode Mode = Mode.Infer, int Batch = 1, int CacheLength = 0)
{
    /// <summary>A reading of an operation of a workload; the entry holds what <see cref="OpKey.Alone"/> has run.</summary>
    public static CostEntry Of(Op op, Workload of, Reading reading) => Of(OpKey.Alone(op, of), reading, null);

    /// <summary>An operation of a workload that nodes of the device refuse.</summary>
    public static CostEntry Of(Op op, Workload of, NodeFailure refused) => Of(OpKey.Alone(op, of), null, refused);

    private static CostEntry Of(Workload alone, Reading? reading, NodeFailure? refused) =>
        new(alone.Key, alone.Ops[0], reading, refused, alone.Mode, alone.Batch, alone.CacheLength);
}
