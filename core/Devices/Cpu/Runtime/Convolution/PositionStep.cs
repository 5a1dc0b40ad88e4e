namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>A convolution in floats whose workers share the positions.</summary>
internal abstract unsafe class PositionStep(int positions) : Step, IConvolution
{
    /// <summary>The image; valid while it runs.</summary>
    protected float* X { get; private set; }

    /// <summary>[positions][outputs]; valid while it runs.</summary>
    protected float* Y { get; private set; }

    public InstructionSet Instructions => InstructionSet.Scalar;

    public void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        fixed (float* from = x, to = y)
        {
            X = from;
            Y = to;
            workers.Run(this);
        }
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(positions, part, parts);
        for (int position = from; position < to; position++) One(position);
    }

    /// <summary>Computes all outputs of a position.</summary>
    protected abstract void One(int position);
}
