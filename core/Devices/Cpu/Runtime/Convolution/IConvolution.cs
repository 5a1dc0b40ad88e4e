namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>A way to compute a convolution.</summary>
internal interface IConvolution
{
    /// <summary>The instructions of its matrix product; scalar when it has none.</summary>
    InstructionSet Instructions { get; }

    void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers);
}
