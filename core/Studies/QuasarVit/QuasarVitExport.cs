using Hone.Export;
using Hone.Neural.Vit;

namespace Hone.Studies.QuasarVit;

/// <summary>Translates the trained arrays of a subnet into the records that an export is written from.</summary>
internal static class QuasarVitExport
{
    private const float NormEpsilon = 1e-5f;
    private static readonly ActivationQuant Probabilities = new(1f / 63, 6, Signed: false);

    public static VitModel Model(QuasarVitWeights weights)
    {
        QuasarVitConfig config = weights.Config;
        float deviation = (float)config.Deviation;
        return new VitModel(
            config.Channels, config.Side, config.Patch, weights.Genome.Width, config.Classes,
            Enumerable.Repeat(1f / (255f * deviation), config.Channels).ToArray(),
            Enumerable.Repeat(-(float)config.Mean / deviation, config.Channels).ToArray(),
            Linear(weights.Embed), weights.ClassToken, weights.Positions, weights.Blocks.Select(Block).ToArray(),
            Norm(weights.Norm), Linear(weights.Head), config.HeadWidth, NormEpsilon);
    }

    private static VitBlock Block(QuasarVitBlockWeights block) => new(
        Norm(block.Norm1), Linear(block.Qkv), block.Heads,
        new ActivationQuant(block.QueryStep, 6, Signed: true), new ActivationQuant(block.KeyStep, 8, Signed: true),
        new ActivationQuant(block.ValueStep, 8, Signed: true), Probabilities,
        Linear(block.Proj), block.LayerScale1, Norm(block.Norm2), Linear(block.Fc1), Linear(block.Fc2), block.LayerScale2);

    private static QuantizedLinear Linear(QuasarVitLinear linear) => new(
        linear.Name, linear.M, linear.K, linear.Codes, linear.Scales, linear.Bits, linear.Bias, new ActivationQuant(linear.InputStep, linear.InputBits, Signed: true));

    private static LayerNorm Norm(QuasarVitNorm norm) => new(norm.Gain, norm.Bias);
}
