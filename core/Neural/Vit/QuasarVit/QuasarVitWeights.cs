namespace Hone.Neural.Vit;

/// <summary>
/// A quantised linear layer as integers: y[m] = Scales[m] * InputStep * sum_k Codes[m,k] * x[k] + Bias[m], x the input's integer codes.
/// </summary>
/// <param name="Codes">Shape (M, K); in [-8, 7] for 4-bit rows and [-128, 127] for 8-bit rows.</param>
/// <param name="Scales">Shape (M).</param>
/// <param name="Bits">Shape (M): 4 or 8.</param>
/// <param name="Bias">Shape (M).</param>
/// <param name="InputStep">One unit of the input's codes.</param>
/// <param name="InputBits">Signed: codes in [-2^(b-1), 2^(b-1) - 1].</param>
public sealed record QuasarVitLinear(
    string Name, int M, int K, sbyte[] Codes, float[] Scales, byte[] Bits, float[] Bias, float InputStep, int InputBits);

/// <summary>Layer norm over the last axis with epsilon 1e-5; both arrays have shape (E).</summary>
public sealed record QuasarVitNorm(float[] Gain, float[] Bias);

/// <summary>
/// One block. Qkv's rows: A = 16 h of q, then k, then v. The steps quantise q (6 bits signed), k and v (8 bits signed); probabilities are 6 bits
/// unsigned with step 1/63; the attention output's and the GELU output's steps are the input steps of <paramref name="Proj"/> and <paramref name="Fc2"/>.
/// </summary>
/// <param name="LayerScale1">lam1, shape (E).</param>
/// <param name="LayerScale2">lam2, shape (E).</param>
public sealed record QuasarVitBlockWeights(
    int Heads, QuasarVitNorm Norm1, QuasarVitLinear Qkv, float QueryStep, float KeyStep, float ValueStep, QuasarVitLinear Proj, float[] LayerScale1,
    QuasarVitNorm Norm2, QuasarVitLinear Fc1, QuasarVitLinear Fc2, float[] LayerScale2);

/// <summary>
/// A subnet as plain arrays, all that an export or an integer engine needs. Input: x = (p / 255 - Mean) / Deviation of the pixel bytes p, cut into
/// patches of (channel, y, x) order, quantised to 8 bits signed with Embed.InputStep. Rounding is to the nearest, halves to even.
/// </summary>
/// <param name="ClassToken">Shape (E).</param>
/// <param name="Positions">Shape (n, E), the class token first.</param>
/// <param name="Norm">Before the head, on the class token.</param>
/// <param name="Head">Shape (classes, E), 8-bit rows and 8-bit input.</param>
public sealed record QuasarVitWeights(
    QuasarVitConfig Config, QuasarVitGenome Genome, QuasarVitLinear Embed, float[] ClassToken, float[] Positions,
    QuasarVitBlockWeights[] Blocks, QuasarVitNorm Norm, QuasarVitLinear Head);
