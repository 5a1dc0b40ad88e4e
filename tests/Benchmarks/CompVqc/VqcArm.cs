using Hone.Model;
using Hone.Quantum.CompVqc;

namespace Hone.Benchmarks.CompVqc;

/// <summary>A way to compress as the tables call it; all take the same number of training steps from the same trained circuit.</summary>
internal sealed record VqcArm(string Name, VqcWay Way)
{
    public static readonly VqcArm Dense = new("dense", VqcWay.Dense), Prune = new("prune to 0", VqcWay.Prune), OneShot = new("one-shot", VqcWay.OneShot), Gradual = new("gradual", VqcWay.Gradual),
        Admm = new("ADMM", VqcWay.Admm), Placement = new("ADMM, placed noise", VqcWay.AdmmPlaced), Compiled = new("ADMM, compiler in the loop", VqcWay.AdmmCompiled);

    /// <summary>Those that compress, the method's own first; the compiler in the loop is affordable at 4 qubits alone (some forty circuits a round, not 160).</summary>
    public static ValueList<VqcArm> Compressing(VqcSize size) => size.Qubits <= 4 ? [Admm, Compiled, Placement, Gradual, OneShot, Prune] : [Admm, Placement, Gradual, OneShot, Prune];
}
