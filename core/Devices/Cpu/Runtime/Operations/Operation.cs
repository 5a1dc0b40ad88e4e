namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>One operation with its weights and its own working memory. A run allocates nothing.</summary>
/// <param name="inputs">Floats that it reads.</param>
/// <param name="outputs">Floats that it writes.</param>
internal abstract class Operation(int inputs, int outputs)
{
    public int Inputs => inputs;

    public int Outputs => outputs;

    /// <summary>The instructions of its matrix products; scalar when it has none of those.</summary>
    public virtual InstructionSet Instructions => InstructionSet.Scalar;

    /// <summary>Finite inputs give finite outputs, the same bits with any number of workers.</summary>
    /// <param name="x"><see cref="Inputs"/> floats; each operation states their order.</param>
    /// <param name="y"><see cref="Outputs"/> floats; they may not overlap X.</param>
    public abstract void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers);
}
