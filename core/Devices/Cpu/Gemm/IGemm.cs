namespace Hone.Devices.Cpu.Gemm;

/// <summary>Y [M][N] from X [M][K] and weights that it holds ready.</summary>
public interface IGemm
{
    /// <summary>N.</summary>
    int Outputs { get; }

    /// <summary>K.</summary>
    int Inputs { get; }

    /// <summary>The instructions it uses.</summary>
    InstructionSet Instructions { get; }

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[M][K], row-major, finite.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="rows">M.</param>
    /// <param name="after">Done to all rows of Y.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null);
}
