using System.Numerics;

namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>Rows in bfloat16: the upper half of a float, rounded to nearest, ties to even. Finite numbers only.</summary>
internal sealed unsafe class Bf16Rows(int inputs, int elements, int capacity) : PreparedRows(inputs, elements * sizeof(ushort), capacity)
{
    private const int Bits = 16;
    private const uint BelowHalf = 0x7FFF;

    public static ushort Round(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return (ushort)((bits + BelowHalf + (bits >> Bits & 1)) >> Bits);
    }

    protected override void Prepare(int row, float* x, byte* to)
    {
        ushort* halves = (ushort*)to;
        int i = 0;
        for (; i <= Inputs - Vector<ushort>.Count; i += Vector<ushort>.Count) Vector.Store(Vector.Narrow(Rounded(x + i), Rounded(x + i + Vector<uint>.Count)), halves + i);
        for (; i < Inputs; i++) halves[i] = Round(x[i]);
    }

    private static Vector<uint> Rounded(float* x)
    {
        Vector<uint> bits = Vector.AsVectorUInt32(Vector.Load(x));
        return (bits + new Vector<uint>(BelowHalf) + (bits >>> Bits & Vector<uint>.One)) >>> Bits;
    }
}
