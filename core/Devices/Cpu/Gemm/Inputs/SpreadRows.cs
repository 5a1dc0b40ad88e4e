namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>Rows of floats as they are, but further apart where their distance would have them share sets of the first cache.</summary>
internal sealed unsafe class SpreadRows(int inputs, int capacity) : PreparedRows(inputs, inputs * sizeof(float), capacity)
{
    private readonly long _bytes = (long)inputs * sizeof(float);

    protected override void Prepare(int row, float* x, byte* to) => Buffer.MemoryCopy(x, to, _bytes, _bytes);
}
