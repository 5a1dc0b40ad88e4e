using System.Globalization;
using Hone.Model;

namespace Hone.Export;

/// <summary>
/// A <see cref="VitModel"/> as safetensors, complete: integer codes I8 (M, K), row scales F32, row bits U8, biases and norms F32, and as free text
/// the sizes. A quantiser is a tensor "name.quant" F32 [step, bits, signed]; it is left out where a value stays float.
/// </summary>
public static class VitWeights
{
    private static readonly string[] Sizes = ["channels", "imageSize", "patch", "embed", "classes", "depth", "headWidth"];

    public static byte[] Write(VitModel model)
    {
        model.Check();
        int e = model.Embed;
        List<SafeTensor> tensors =
        [
            SafeTensor.Of("pixel.scale", model.PixelScale, model.Channels), SafeTensor.Of("pixel.offset", model.PixelOffset, model.Channels),
            SafeTensor.Of("cls", model.Cls, e), SafeTensor.Of("positions", model.Positions, model.Tokens, e), SafeTensor.Of("epsilon", [model.Epsilon], 1),
        ];
        Add(tensors, "embed", model.PatchEmbed);
        Add(tensors, "norm", model.Norm);
        Add(tensors, "head", model.Head);
        for (int i = 0; i < model.Blocks.Length; i++)
        {
            VitBlock block = model.Blocks[i];
            string name = $"block{i}";
            Add(tensors, $"{name}.norm1", block.Norm1);
            Add(tensors, $"{name}.norm2", block.Norm2);
            Add(tensors, $"{name}.qkv", block.Qkv);
            Add(tensors, $"{name}.proj", block.Proj);
            Add(tensors, $"{name}.fc1", block.Fc1);
            Add(tensors, $"{name}.fc2", block.Fc2);
            Add(tensors, $"{name}.q", block.Q);
            Add(tensors, $"{name}.k", block.K);
            Add(tensors, $"{name}.v", block.V);
            Add(tensors, $"{name}.p", block.P);
            tensors.Add(SafeTensor.Of($"{name}.scale1", block.Scale1, e));
            tensors.Add(SafeTensor.Of($"{name}.scale2", block.Scale2, e));
        }
        int[] sizes = [model.Channels, model.ImageSize, model.Patch, e, model.Classes, model.Blocks.Length, model.HeadWidth];
        var metadata = new Dictionary<string, string> { ["kind"] = "hone.vit" };
        for (int i = 0; i < Sizes.Length; i++) metadata.Add(Sizes[i], sizes[i].ToString(CultureInfo.InvariantCulture));
        return SafeTensorsWriter.Write(tensors, metadata);
    }

    /// <summary>Reads a model back; layers are named by their place, as they are in the file.</summary>
    /// <exception cref="HoneException">Damaged, incomplete, or no vision transformer.</exception>
    public static VitModel Read(ReadOnlyMemory<byte> file)
    {
        SafeTensorsFile tensors = SafeTensorsReader.Read(file);
        int[] sizes = [.. Sizes.Select(size => tensors.Metadata.TryGetValue(size, out string? text) && int.TryParse(text, out int number) && number is >= 0 and < 1 << 20
            ? number : throw new HoneException($"expected the size '{size}' in the weights of a vision transformer; export the model again"))];
        VitBlock Block(int i)
        {
            string name = $"block{i}";
            QuantizedLinear qkv = Linear(tensors, $"{name}.qkv");
            return new VitBlock(
                Norm(tensors, $"{name}.norm1"), qkv, qkv.M / 3 / Math.Max(1, sizes[6]), Quant(tensors, $"{name}.q"), Quant(tensors, $"{name}.k"),
                Quant(tensors, $"{name}.v"), Quant(tensors, $"{name}.p"), Linear(tensors, $"{name}.proj"), tensors[$"{name}.scale1"].ToFloats(),
                Norm(tensors, $"{name}.norm2"), Linear(tensors, $"{name}.fc1"), Linear(tensors, $"{name}.fc2"), tensors[$"{name}.scale2"].ToFloats());
        }
        try
        {
            var model = new VitModel(
                sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], tensors["pixel.scale"].ToFloats(), tensors["pixel.offset"].ToFloats(),
                Linear(tensors, "embed"), tensors["cls"].ToFloats(), tensors["positions"].ToFloats(), [.. Enumerable.Range(0, sizes[5]).Select(Block)],
                Norm(tensors, "norm"), Linear(tensors, "head"), sizes[6], tensors["epsilon"].ToFloats()[0]);
            model.Check();
            return model;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new HoneException($"the weights are no vision transformer: {error.Message}; export the model again", error);
        }
    }

    private static void Add(List<SafeTensor> tensors, string name, QuantizedLinear linear)
    {
        tensors.Add(SafeTensor.Of($"{name}.codes", linear.Codes, linear.M, linear.K));
        tensors.Add(SafeTensor.Of($"{name}.scales", linear.RowScales, linear.M));
        tensors.Add(SafeTensor.Of($"{name}.bits", linear.RowBits, linear.M));
        tensors.Add(SafeTensor.Of($"{name}.bias", linear.Bias, linear.M));
        Add(tensors, $"{name}.in", linear.In);
    }

    private static void Add(List<SafeTensor> tensors, string name, LayerNorm norm)
    {
        tensors.Add(SafeTensor.Of($"{name}.gamma", norm.Gamma, norm.Gamma.Length));
        tensors.Add(SafeTensor.Of($"{name}.beta", norm.Beta, norm.Beta.Length));
    }

    private static void Add(List<SafeTensor> tensors, string name, ActivationQuant? quant)
    {
        if (quant is not null) tensors.Add(SafeTensor.Of($"{name}.quant", [quant.Step, quant.Bits, quant.Signed ? 1 : 0], 3));
    }

    private static QuantizedLinear Linear(SafeTensorsFile tensors, string name) => tensors[$"{name}.codes"] is { Shape: [var m, var k] } codes
        ? new QuantizedLinear(name, (int)m, (int)k, codes.Cast<sbyte>().ToArray(), tensors[$"{name}.scales"].ToFloats(), tensors[$"{name}.bits"].Data.ToArray(),
            tensors[$"{name}.bias"].ToFloats(), Quant(tensors, $"{name}.in"))
        : throw new HoneException($"expected a matrix '{name}.codes'; export the model again");

    private static LayerNorm Norm(SafeTensorsFile tensors, string name) => new(tensors[$"{name}.gamma"].ToFloats(), tensors[$"{name}.beta"].ToFloats());

    private static ActivationQuant? Quant(SafeTensorsFile tensors, string name) => !tensors.Tensors.TryGetValue($"{name}.quant", out SafeTensor? tensor) ? null
        : tensor.ToFloats() is [var step, var bits, var signed] ? new ActivationQuant(step, (int)bits, signed != 0)
        : throw new HoneException($"expected three numbers in '{name}.quant'; export the model again");
}
