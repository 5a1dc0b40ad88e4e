namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>Rows in 4-bit codes, each with a scale of its own: s = max |x| / 7, code = x / s to the nearest integer, ties to even, plus 8; a byte each.</summary>
internal sealed unsafe class NibbleRows(int inputs, int capacity) : PreparedRows(inputs, inputs, capacity)
{
    public const int Largest = 7, Offset = 8;
    private readonly Buffer64<float> _scales = new(capacity);
    private readonly Buffer64<int> _sums = new(capacity);

    /// <summary>[M].</summary>
    public float* Scales => _scales.Pointer;

    /// <summary>[M]: minus eight times the sum of a row's codes as they lie here.</summary>
    public int* Offsets => _sums.Pointer;

    protected override void Prepare(int row, float* x, byte* to)
    {
        float largest = RowCodes.Magnitude(x, Inputs), inverse = largest > 0 ? Largest / largest : 0;
        int sum = 0;
        for (int i = 0; i < Inputs; i++) sum += to[i] = (byte)(MathF.Round(x[i] * inverse) + Offset);
        _scales.Pointer[row] = largest / Largest;
        _sums.Pointer[row] = -Offset * sum;
    }
}
