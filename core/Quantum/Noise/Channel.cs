using Hone.Model;

namespace Hone.Quantum.Noise;

/// <summary>How a qubit relaxes while a gate lasts.</summary>
/// <param name="Damping">1 - exp(-t / T1): how much of |1> falls to |0>.</param>
/// <param name="Coherence">exp(-t / T2): what is left of a superposition.</param>
public readonly record struct Relaxation(double Damping, double Coherence)
{
    /// <summary>A qubit that nothing happens to.</summary>
    public static readonly Relaxation None = new(0, 1);

    /// <summary>A wait. T2 counts for at most 2 T1, more than which physics does not allow.</summary>
    /// <param name="seconds">How long.</param>
    public static Relaxation After(double seconds, double t1, double t2) => new(1 - Math.Exp(-seconds / t1), Math.Exp(-seconds / Math.Min(t2, 2 * t1)));

    /// <summary>The chance of a phase flip that, beside the damping, leaves that much coherence.</summary>
    public double Flip => (1 - Coherence / Math.Sqrt(1 - Damping)) / 2;
}

/// <summary>What goes wrong with a gate: first its qubits are mixed, then each relaxes.</summary>
/// <param name="Depolarising">p of rho -> (1 - p) rho + p I / d.</param>
/// <param name="Relaxations">One for each qubit of the gate.</param>
public sealed record Channel(double Depolarising, ValueList<Relaxation> Relaxations)
{
    public bool IsNothing => Depolarising == 0 && Relaxations.AsEnumerable().All(r => r == Relaxation.None);

    /// <summary>The average fidelity of the relaxations alone.</summary>
    public static double RelaxationFidelity(ValueList<Relaxation> relaxations)
    {
        double process = 1, d = 1 << relaxations.Count;
        foreach (Relaxation relaxation in relaxations) process *= (1 + (1 - relaxation.Damping) + 2 * relaxation.Coherence) / 4;
        return (d * process + 1) / (d + 1);
    }

    /// <summary>
    /// The channel whose average fidelity is 1 - error: relaxations, and as much depolarising as they leave to explain. With d = 2^n and Fr
    /// the relaxations' fidelity, p = d (error - (1 - Fr)) / (d Fr - 1), so that (1 - p) Fr + p / d = 1 - error; the error counts for at most
    /// d / (d + 1), p for at most 4^n / (4^n - 1). Source: Qiskit Aer's noise from backend properties.
    /// </summary>
    public static Channel Of(double error, ValueList<Relaxation> relaxations)
    {
        double d = 1 << relaxations.Count, fidelity = RelaxationFidelity(relaxations), capped = Math.Min(error, d / (d + 1));
        double p = capped > 1 - fidelity ? Math.Min(d * (capped - (1 - fidelity)) / (d * fidelity - 1), d * d / (d * d - 1)) : 0;
        return new Channel(p, relaxations);
    }
}
