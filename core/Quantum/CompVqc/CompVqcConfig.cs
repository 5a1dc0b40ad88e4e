using Hone.Model;

namespace Hone.Quantum.CompVqc;

/// <summary>Gates that a circuit is trained of.</summary>
public enum AnsatzKind
{
    /// <summary>RY, CRY ring, RY, RX, CRX ring, RX, RZ, CRZ ring, RZ, CRZ ring: CompVQC's block (recalled).</summary>
    CompVqc,

    /// <summary>U3 on every qubit, CU3 ring: QuantumNAS' first design space.</summary>
    U3Cu3,

    /// <summary>RY on every qubit, CRY ring.</summary>
    RyCry,

    /// <summary>ZZ ring, RY on every qubit: QuantumNAS' second design space.</summary>
    ZzRy,

    /// <summary>RX RY RZ on every qubit, CX ring.</summary>
    HardwareEfficient,
}

/// <summary>How features become angles.</summary>
public enum EncodingKind
{
    /// <summary>Row by row of qubits: RY, RZ, RX, RY, and again.</summary>
    Angle,

    /// <summary>The state's amplitudes are the features, scaled to length 1.</summary>
    Amplitude,
}

/// <summary>Every number of CompVQC, with where it comes from. "Proposal": the method's sheet, probed there; the paper's own are not known.</summary>
public sealed record CompVqcConfig
{
    /// <summary>Proposal: 4, and 8 as a second size.</summary>
    public int Qubits { get; init; } = 4;

    /// <summary>Proposal: 1 (4 qubits), 2 (8 qubits).</summary>
    public int Blocks { get; init; } = 1;

    public AnsatzKind Ansatz { get; init; } = AnsatzKind.CompVqc;

    public EncodingKind Encoding { get; init; } = EncodingKind.Angle;

    /// <summary>Logits are this times the expectations of Z on the first qubits, one a class. Proposal.</summary>
    public double LogitScale { get; init; } = 4;

    /// <summary>First angles are uniform in this times [-pi, pi]. Proposal.</summary>
    public double FirstAngles { get; init; } = 0.8;

    /// <summary>Proposal.</summary>
    public int BatchSize { get; init; } = 24;

    /// <summary>Steps of Adam before compression, and their rate. Proposal.</summary>
    public int DenseSteps { get; init; } = 400;

    public double DenseRate { get; init; } = 0.06;

    /// <summary>Rounds of ADMM (or of gradual snapping), steps of Adam in each, their rate. Proposal.</summary>
    public int Rounds { get; init; } = 8;

    public int RoundSteps { get; init; } = 30;

    public double Rate { get; init; } = 0.05;

    /// <summary>rho of round r is this times 2^min(r, <see cref="RhoDoublings"/>). Proposal.</summary>
    public double FirstRho { get; init; } = 0.05;

    public int RhoDoublings { get; init; } = 5;

    /// <summary>Steps of Adam once the chosen gates are frozen at their levels. Proposal.</summary>
    public int FineTuneSteps { get; init; } = 150;

    /// <summary>What a saved two-qubit gate weighs beside a saved gate on one qubit. Proposal.</summary>
    public double TwoQubitWeight { get; init; } = 10;

    /// <summary>Keeps scores of gates that save nothing finite. Proposal.</summary>
    public double ScoreFloor { get; init; } = 0.05;

    /// <summary>Adam's constants: Kingma and Ba, ICLR 2015.</summary>
    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Epsilon { get; init; } = 1e-8;

    /// <exception cref="SpecException">A number out of its range; named.</exception>
    public CompVqcConfig Check()
    {
        void Need(bool holds, string what)
        {
            if (!holds) throw new SpecException($"model: expected {what}");
        }
        Need(Qubits is >= 2 and <= 12, $"2 to 12 qubits, got {Qubits}");
        Need(Blocks is >= 1 and <= 16, $"1 to 16 blocks, got {Blocks}");
        Need(BatchSize >= 1 && DenseSteps >= 0 && Rounds >= 1 && RoundSteps >= 1 && FineTuneSteps >= 0, "at least one sample in a batch, one round and one step in it");
        Need(DenseRate > 0 && Rate > 0 && FirstRho > 0 && LogitScale > 0, "rates, rho and the logits' scale above 0");
        return this;
    }
}
