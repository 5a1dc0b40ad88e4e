namespace Hone.Export;

/// <summary>y = In(x) W^T + Bias with W[m, k] = RowScales[m] * Codes[m, k]: integer weights with one scale and one precision per row.</summary>
/// <param name="Name">Unique in the model; letters, digits, dots and underscores.</param>
/// <param name="M">Rows: outputs.</param>
/// <param name="K">Columns: inputs.</param>
/// <param name="Codes">Shape (M, K), row-major; row m within [-2^(b-1), 2^(b-1) - 1] for b = RowBits[m].</param>
/// <param name="RowScales">Shape (M), above 0.</param>
/// <param name="RowBits">Shape (M), 2..8.</param>
/// <param name="Bias">Shape (M).</param>
/// <param name="In">The quantiser of the input; null leaves it float.</param>
public sealed record QuantizedLinear(
    string Name, int M, int K, sbyte[] Codes, float[] RowScales, byte[] RowBits, float[] Bias, ActivationQuant? In = null)
{
    /// <exception cref="ArgumentException">Array lengths, scales or codes contradict the record.</exception>
    internal void Check(int m, int k)
    {
        if (M != m || K != k) throw new ArgumentException($"'{Name}': expected a layer of {m} x {k}, got {M} x {K}");
        VitModel.Length(Name + " codes", Codes.Length, M * K);
        VitModel.Length(Name + " row scales", RowScales.Length, M);
        VitModel.Length(Name + " row bits", RowBits.Length, M);
        VitModel.Length(Name + " bias", Bias.Length, M);
        VitModel.Check(In, Name);
        for (int row = 0; row < M; row++)
        {
            if (RowBits[row] is < 2 or > 8) throw new ArgumentException($"'{Name}' row {row}: expected 2..8 bits, got {RowBits[row]}");
            if (!(RowScales[row] > 0 && float.IsFinite(RowScales[row]))) throw new ArgumentException($"'{Name}' row {row}: expected a scale above 0, got {RowScales[row]}");
            int high = (1 << (RowBits[row] - 1)) - 1;
            foreach (sbyte code in Codes.AsSpan(row * K, K))
                if (code > high || code < -high - 1) throw new ArgumentException($"'{Name}' row {row}: code {code} does not fit {RowBits[row]} bits");
        }
    }
}
