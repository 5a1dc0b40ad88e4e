using System.Globalization;

namespace Hone.Export;

/// <summary>
/// Lowers a <see cref="VitModel"/> to ONNX. Input "images": float (N, C, H, W), raw pixel values 0..255; output "logits": float (N, classes).
/// Weights stand in the file as INT4 and INT8 with a scale per row (<see cref="LinearOnnx"/>); the activation quantisers are Div, Round, Clip, Mul,
/// which is exact where QuantizeLinear would be restricted to 4 or 8 bits.
/// </summary>
public static class VitOnnx
{
    public const string Input = "images", Output = "logits";

    /// <summary>The bytes of model.onnx; the same model always gives the same bytes.</summary>
    /// <exception cref="ArgumentException">The model contradicts itself (<see cref="VitModel.Check()"/>).</exception>
    public static byte[] Write(VitModel model)
    {
        model.Check();
        var graph = new OnnxGraph("vit");
        string x = Embed(graph, model);                                                   // (N, T, E)
        for (int i = 0; i < model.Blocks.Length; i++) x = new VitBlockOnnx(graph, model, i).Write(x);
        string first = graph.Node("Gather", "cls_out", [x, graph.Int64s("cls_index", 0)], OnnxAttribute.Int("axis", 1));   // (N, 1, E)
        string flat = graph.Node("Squeeze", "cls_flat", [first, graph.Int64s("cls_axis", 1)]);                             // (N, E)
        string normed = new OnnxScope(graph, "norm").Norm(flat, model.Norm.Gamma, model.Norm.Beta, model.Epsilon);
        string logits = Linear(graph, normed, model.Head);
        graph.Node("Identity", Output, [logits]);
        graph.Output(Output, -1, model.Classes);
        graph.Note("epsilon", model.Epsilon.ToString("R", CultureInfo.InvariantCulture));
        foreach (QuantizedLinear linear in model.Linears()) graph.Note($"{linear.Name}.bits", Convert.ToHexStringLower(linear.RowBits));
        return graph.ToBytes();
    }

    private static string Embed(OnnxGraph graph, VitModel model)
    {
        int c = model.Channels, p = model.Patch, side = model.ImageSize / p, e = model.Embed;
        string images = graph.Input(Input, -1, c, model.ImageSize, model.ImageSize);
        string pixels = Pixels(graph, images, model.PixelScale, model.PixelOffset);
        string cells = graph.Node("Reshape", "cells", [pixels, graph.Int64s("cells_shape", 0, c, side, p, side, p)]);
        string ordered = graph.Node("Transpose", "cells_ordered", [cells], OnnxAttribute.Ints("perm", 0, 2, 4, 1, 3, 5));   // (N, side, side, C, p, p)
        string patches = graph.Node("Reshape", "patches", [ordered, graph.Int64s("patches_shape", 0, side * side, c * p * p)]);
        string embedded = Linear(graph, patches, model.PatchEmbed);                       // (N, patches, E)
        string tokens = WithClassToken(graph, images, embedded, model.Cls);
        return graph.Node("Add", "embedded", [tokens, graph.Floats("positions", model.Positions, model.Tokens, e)]);
    }

    /// <summary>Bytes as the network reads them; (N, C, H, W) before and after.</summary>
    /// <param name="scale">Shape (C); <paramref name="offset"/> as well.</param>
    /// <param name="prefix">As in <see cref="WithClassToken"/>.</param>
    internal static string Pixels(OnnxGraph graph, string images, float[] scale, float[] offset, string prefix = "")
    {
        string scaled = graph.Node("Mul", prefix + "pixels_scaled", [images, graph.Floats(prefix + "pixel_scale", scale, scale.Length, 1, 1)]);
        return graph.Node("Add", prefix + "pixels", [scaled, graph.Floats(prefix + "pixel_offset", offset, offset.Length, 1, 1)]);
    }

    /// <summary>Patches (N, T - 1, E) -> (N, T, E), the class token first.</summary>
    /// <param name="cls">Shape (E).</param>
    /// <param name="prefix">Of the values' names, where a graph has several networks.</param>
    internal static string WithClassToken(OnnxGraph graph, string images, string patches, float[] cls, string prefix = "")
    {
        string count = graph.Node("Shape", prefix + "batch", [images], OnnxAttribute.Int("start", 0), OnnxAttribute.Int("end", 1));
        string shape = graph.Node("Concat", prefix + "cls_shape", [count, graph.Int64s(prefix + "cls_rest", 1, cls.Length)], OnnxAttribute.Int("axis", 0));
        string tokens = graph.Node("Expand", prefix + "cls_tokens", [graph.Floats(prefix + "cls", cls, 1, 1, cls.Length), shape]);           // (N, 1, E)
        return graph.Node("Concat", prefix + "tokens", [tokens, patches], OnnxAttribute.Int("axis", 1));
    }

    /// <summary>x (.., K) -> (.., M).</summary>
    internal static string Linear(OnnxGraph graph, string x, QuantizedLinear linear) => new LinearOnnx(graph, linear).Write(Quantize(graph, x, linear.In, $"{linear.Name}.in"));

    /// <summary>Fake quantisation, as <see cref="ActivationQuant.Apply"/>.</summary>
    internal static string Quantize(OnnxGraph graph, string x, ActivationQuant? quant, string name)
    {
        if (quant is null) return x;
        string scaled = graph.Node("Div", $"{name}.scaled", [x, graph.Number(quant.Step)]);
        string rounded = graph.Node("Round", $"{name}.rounded", [scaled]);
        string clipped = graph.Node("Clip", $"{name}.clipped", [rounded, graph.Number(quant.Lowest), graph.Number(quant.Highest)]);
        return graph.Node("Mul", $"{name}.quantised", [clipped, graph.Number(quant.Step)]);
    }
}
