using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Y [rows][N] = X [rows][K] W^T + bias with the weights made ready.</summary>
internal abstract class Matrix(int outputs, int inputs, InstructionSet instructions)
{
    /// <summary>N.</summary>
    public int Outputs => outputs;

    /// <summary>K.</summary>
    public int Inputs => inputs;

    public InstructionSet Instructions => instructions;

    /// <summary>How it came to be drawn and packed, where a note should say so.</summary>
    public virtual string? Remark => null;

    /// <summary>Y may not overlap X.</summary>
    /// <param name="after">Done to all rows of Y.</param>
    public abstract void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null);
}
