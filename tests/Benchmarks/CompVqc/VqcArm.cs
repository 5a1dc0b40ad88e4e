using Hone.Model;
using Hone.Quantum.CompVqc;

namespace Hone.Benchmarks.CompVqc;

/// <summary>A way to compress; all take the same number of training steps from the same trained circuit.</summary>
/// <param name="Placed">Whether saved gates weigh what they err where the machine places them.</param>
internal sealed record VqcArm(string Name, SnapSchedule Schedule, SnapRule Rule, bool Placed = false)
{
    public static readonly VqcArm Prune = new("prune to 0", SnapSchedule.OneShot, SnapRule.Zero), OneShot = new("one-shot", SnapSchedule.OneShot, SnapRule.Table),
        Gradual = new("gradual", SnapSchedule.Gradual, SnapRule.Table), Admm = new("ADMM", SnapSchedule.Admm, SnapRule.Table),
        Placement = new("ADMM, placed noise", SnapSchedule.Admm, SnapRule.Table, Placed: true);

    public static ValueList<VqcArm> All => [Admm, Placement, Gradual, OneShot, Prune];
}
