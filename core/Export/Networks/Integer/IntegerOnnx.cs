using Hone.Model;

namespace Hone.Export;

/// <summary>
/// Lowers an <see cref="IntegerNet"/> to ONNX, number by number what <see cref="HeatVitInteger"/> computes: products of codes in floats that hold them exactly, everything else in whole numbers
/// of 64 bits, layer norms' statistics in double precision. Inputs, outputs and N as for <see cref="VisionOnnx"/>; logits are multiples of 2^-16.
/// </summary>
public static class IntegerOnnx
{
    /// <summary>The bytes of model.onnx; the same network always gives the same bytes.</summary>
    /// <exception cref="ArgumentException">The network contradicts itself.</exception>
    public static byte[] Write(IntegerNet net)
    {
        net.Check();
        var graph = new OnnxGraph("heatvit");
        int batch = net.IsDynamic ? 1 : -1, index = 0;
        string images = graph.Input(VisionOnnx.Input, batch, net.Channels, net.Side, net.Side);
        TokensOnnx tokens = Embed(new FixedOnnx(new OnnxScope(graph, "embed")), net, images);
        foreach (IntegerBlock block in net.Blocks) tokens = new IntegerBlockOnnx(new OnnxScope(graph, $"block{index++}"), block, net).Write(tokens);
        var end = new FixedOnnx(new OnnxScope(graph, "end"));
        string first = end.Node("Squeeze", tokens.Class(end.Scope), end.Number(1));                            // (N, C)
        string logits = end.ToReal(end.Linear(end.Norm(first, net.Norm, net.Head.K, net.Epsilon), net.Head));
        graph.Node("Mul", VisionOnnx.Output, [logits, graph.Number(1f / FixedPoint.One)]);
        graph.Output(VisionOnnx.Output, batch, net.Classes);
        return graph.ToBytes();
    }

    /// <summary>images (N, channels, side, side) -> tokens (N, T, C) in units of 2^-16.</summary>
    private static TokensOnnx Embed(FixedOnnx at, IntegerNet net, string images)
    {
        OnnxGraph graph = at.Scope.Graph;
        int p = net.Patch, side = net.Side / p, c = net.Embed.M;
        string codes = at.Node("Gather", at.Scope.Floats("pixels", [.. net.Pixels.Select(v => (float)v)], 256), at.ToWhole(images));
        string cells = at.Transpose(at.Reshape(codes, 0, net.Channels, side, p, side, p), 0, 2, 4, 1, 3, 5);   // (N, side, side, channels, p, p)
        string patches = at.Linear(at.Reshape(cells, 0, side * side, net.Embed.K), net.Embed);                 // (N, side side, C)
        string shape = at.Scope.Concat("class_shape", 0, at.Scope.Length("batch", images, 0), graph.Whole(1, c));
        string first = at.Node("Expand", at.Reshape(graph.Int64s("cls", [.. net.ClassToken.Select(v => (long)v)]), 1, 1, c), shape);
        string positions = at.Reshape(graph.Int64s("positions", [.. net.Positions.Select(v => (long)v)]), 1, (side * side) + 1, c);
        return new TokensOnnx(at.Saturate(at.Add(at.Scope.Concat("tokens", 1, first, patches), positions)), side, true, side * side);
    }
}
