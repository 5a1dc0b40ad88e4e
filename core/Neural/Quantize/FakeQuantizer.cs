using static TorchSharp.torch;

namespace Hone.Neural.Quantize;

/// <summary>
/// Quantisers with learned steps. A step s is held as t = ln s (as TQT holds its thresholds), which keeps it positive under Adam; gradients are
/// LSQ's (arXiv 1902.08153): straight through inside the clamp, 0 outside, and round(u) - u for the step.
/// </summary>
/// <remarks>
/// Rounding in place on the clamp's result, unseen by autograd, is the straight-through estimator at no cost: the backward pass is the clamp's
/// own (not hardtanh's, whose result TorchSharp 0.107 never frees: 80 MB a step of the largest net). The division by s and the product with s are folded into what stands before and behind.
/// </remarks>
internal static class FakeQuantizer
{
    /// <summary>Integer codes of u = x / s: round(clamp(u, low, high)); same shape and dtype. Gradient 1 inside (low, high), else 0.</summary>
    public static Tensor Codes(Tensor u, int low, int high) => Rounded(u.clamp(low, high));

    /// <summary>Rounds in place, halves to even, with gradient 1; <paramref name="fresh"/> must be nobody else's.</summary>
    public static Tensor Rounded(Tensor fresh)
    {
        using (no_grad()) fresh.round_();
        return fresh;
    }

    /// <summary>
    /// Both views of latent rows in one call: row m uses its 8-bit view where <paramref name="eight"/> is 1, else its 4-bit view. Returns the codes
    /// (M, K) and the steps (M, 1); the used rows are codes * steps.
    /// </summary>
    /// <param name="w">(M, K) latent rows.</param>
    /// <param name="log4">(M) ln of the 4-bit steps.</param>
    /// <param name="log8">(M) ln of the 8-bit steps.</param>
    /// <param name="eight">(M) 0 or 1.</param>
    public static (Tensor Codes, Tensor Steps) Rows(Tensor w, Tensor log4, Tensor log8, Tensor eight)
    {
        Tensor mark = eight.unsqueeze(1);                                      // (M, 1)
        Tensor steps = torch_where(mark, log8.unsqueeze(1), log4.unsqueeze(1)).exp(); // (M, 1)
        Tensor high = mark * 120 + 7, low = -1 - high;                         // (M, 1): 7 or 127, -8 or -128
        return (Rounded((w / steps).clamp(low, high)), steps);                 // (M, K), (M, 1)
    }

    /// <summary>LSQ's first step of a row: 2 mean|w| / sqrt(2^(b-1) - 1), as a logarithm.</summary>
    public static float FirstLogStep(ReadOnlySpan<float> row, int bits)
    {
        double sum = 0;
        foreach (float w in row) sum += Math.Abs(w);
        return (float)Math.Log(Math.Max(1e-8, 2 * sum / row.Length / Math.Sqrt((1 << (bits - 1)) - 1)));
    }

    private static Tensor torch_where(Tensor mark, Tensor one, Tensor zero) => zero + mark * (one - zero);
}
