using Hone.Model;
using Hone.Quantum.CompVqc;

namespace Hone.Benchmarks.CompVqc;

/// <summary>A way to compress as the tables call it; all take the same number of training steps from the same trained circuit.</summary>
internal sealed record VqcArm(string Name, VqcWay Way)
{
    public static readonly VqcArm Dense = new("dense", VqcWay.Dense), Prune = new("prune to 0", VqcWay.Prune), OneShot = new("one-shot", VqcWay.OneShot), Gradual = new("gradual", VqcWay.Gradual),
        Admm = new("ADMM", VqcWay.Admm), Placement = new("ADMM, placed noise", VqcWay.AdmmPlaced);

    /// <summary>Those that compress, the method's own first.</summary>
    public static ValueList<VqcArm> Compressing => [Admm, Placement, Gradual, OneShot, Prune];
}
