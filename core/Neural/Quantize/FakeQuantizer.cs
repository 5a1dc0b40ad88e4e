using static TorchSharp.torch;

namespace Hone.Neural.Quantize;

/// <summary>
/// Quantisers with learned steps. A step s is held as t = ln s (as TQT holds its thresholds), which keeps it positive under Adam; gradients are
/// LSQ's (arXiv 1902.08153): straight through inside the clamp, 0 outside, and round(u) - u for the step.
/// </summary>
internal static class FakeQuantizer
{
    /// <summary>
    /// out * round(clamp(in * x, low, high)), same shape, in the given type: x and the answer are float32 or bfloat16. A scale left out is 1; the
    /// division by a step and the product with it are folded into what stands before and behind where that costs nothing.
    /// </summary>
    public static Tensor Codes(Tensor x, int low, int high, ScalarType type, Tensor? inScale = null, Tensor? outScale = null) =>
        CodeFunction.Apply(x, inScale, low, high, outScale, type);

    /// <summary>Both views of latent rows in one call; see <see cref="RowFunction.Apply"/>.</summary>
    public static Tensor Rows(Tensor w, Tensor? w4, Tensor log4, Tensor log8, Tensor? factor, float[] eight, ScalarType type) =>
        RowFunction.Apply(w, w4, log4, log8, factor, eight, type);

    /// <summary>LSQ's first step of a row: 2 mean|w| / sqrt(2^(b-1) - 1), as a logarithm.</summary>
    public static float FirstLogStep(ReadOnlySpan<float> row, int bits)
    {
        double sum = 0;
        foreach (float w in row) sum += Math.Abs(w);
        return (float)Math.Log(Math.Max(1e-8, 2 * sum / row.Length / Math.Sqrt((1 << (bits - 1)) - 1)));
    }
}
