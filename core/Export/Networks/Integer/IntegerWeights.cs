using System.Globalization;
using Hone.Model;

namespace Hone.Export;

/// <summary>
/// An <see cref="IntegerNet"/> as safetensors. Codes are I8 (M, K) and biases I32 by the layers' own names, "blocks.2.attn.qkv.codes"; tokens and positions I32 in units of 2^-16; norms F32.
/// Binary places, thresholds and sizes are free text under such names: a weight is its code times 2^-weight_places.
/// </summary>
public static class IntegerWeights
{
    public const string Kind = "hone.heatvit";

    /// <exception cref="ArgumentException">The network contradicts itself.</exception>
    public static byte[] Write(IntegerNet net)
    {
        net.Check();
        var tensors = new List<SafeTensor> { SafeTensor.Of("pixels", net.Pixels, 256), SafeTensor.Of("cls", net.ClassToken, net.Embed.M), SafeTensor.Of("positions", net.Positions, net.Positions.Length / net.Embed.M, net.Embed.M) };
        var texts = new Dictionary<string, string> { ["kind"] = Kind };
        Note("channels", net.Channels);
        Note("side", net.Side);
        Note("patch", net.Patch);
        Note("blocks", net.Blocks.Count);
        Note("gelu_damping_q16", net.Gelu);
        Note("share_places", net.SharePlaces);
        Note("epsilon", net.Epsilon);
        foreach (IntegerLinear layer in net.Linears())
        {
            tensors.Add(SafeTensor.Of($"{layer.Name}.codes", layer.Weights, layer.M, layer.K));
            tensors.Add(SafeTensor.Of($"{layer.Name}.bias", layer.Bias, layer.M));
            Note($"{layer.Name}.weight_places", layer.WeightPlaces);
            Note($"{layer.Name}.input_places", layer.InputPlaces);
        }
        for (int b = 0; b < net.Blocks.Count; b++)
        {
            IntegerBlock block = net.Blocks[b];
            Norm($"blocks.{b}.norm1", block.Norm1);
            Norm($"blocks.{b}.norm2", block.Norm2);
            Note($"blocks.{b}.heads", block.Heads);
            Note($"blocks.{b}.query_places", block.QueryPlaces);
            Note($"blocks.{b}.key_places", block.KeyPlaces);
            Note($"blocks.{b}.value_places", block.ValuePlaces);
            if (block.Selector is not { } selector) continue;
            Note($"blocks.{b}.selector.heads", selector.Heads);
            Note($"blocks.{b}.selector.norm_places", selector.Norm.Places);
            Note($"blocks.{b}.selector.threshold_q16", selector.Threshold);
        }
        Norm("norm", net.Norm);
        return SafeTensorsWriter.Write(tensors, texts);

        void Norm(string name, IntegerNorm norm)
        {
            tensors.Add(SafeTensor.Of($"{name}.weight", norm.Gain, norm.Gain.Length));
            tensors.Add(SafeTensor.Of($"{name}.norm_bias", norm.Bias, norm.Bias.Length));
            Note($"{name}.places", norm.Places);
        }

        void Note(string key, IFormattable number) => texts.Add(key, number.ToString(null, CultureInfo.InvariantCulture));
    }
}
