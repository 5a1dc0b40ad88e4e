using System.Runtime.Intrinsics;

namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>Rows of signs, 32 to an element, the first in the lowest bit: 1 is -1, 0 is +1, which also 0 becomes.</summary>
internal sealed unsafe class SignRows(int inputs, int elements, int capacity) : PreparedRows(inputs, elements * sizeof(uint), capacity)
{
    /// <summary>Signs in an element.</summary>
    public const int Bits = 32;

    protected override void Prepare(int row, float* x, byte* to)
    {
        uint* signs = (uint*)to;
        int i = 0;
        for (; i <= Inputs - Bits; i += Bits)
        {
            uint word = 0;
            for (int j = 0; j < Bits; j += Vector256<float>.Count) word |= Vector256.LessThan(Vector256.Load(x + i + j), Vector256<float>.Zero).ExtractMostSignificantBits() << j;
            *signs++ = word;
        }
        if (i == Inputs) return;
        *signs = 0;
        for (int j = 0; i + j < Inputs; j++)
            if (x[i + j] < 0) *signs |= 1u << j;
    }
}
