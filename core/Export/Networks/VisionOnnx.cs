using System.Globalization;
using Hone.Model;

namespace Hone.Export;

/// <summary>
/// Lowers a <see cref="VisionNet"/> to ONNX, in floats. Input "images": float (N, C, H, W), raw pixel values 0..255; output "logits": float (N, classes). Without token selectors N is free;
/// with them it is 1, and dropped tokens are really gone: the graph gathers those that go on, so that everything after a selector computes as many rows as there are.
/// </summary>
public static class VisionOnnx
{
    public const string Input = VitOnnx.Input, Output = VitOnnx.Output;

    /// <summary>The bytes of model.onnx; the same network always gives the same bytes.</summary>
    /// <exception cref="ArgumentException">The network contradicts itself (<see cref="VisionNetCheck"/>).</exception>
    public static byte[] Write(VisionNet net)
    {
        net.Check();
        var graph = new OnnxGraph("vision");
        int batch = net.IsDynamic ? 1 : -1, index = 0;
        string images = graph.Input(Input, batch, net.Input.Channels, net.Input.Side, net.Input.Side);
        TokensOnnx tokens = Embed(graph, net, images, "");
        if (net.Choice is not null) tokens = new VisionChoiceOnnx(new OnnxScope(graph, "choice"), net).Write(tokens, images);
        for (int s = 0; s < net.Stages.Count; s++)
        {
            if (net.Stages[s].Entry is { } entry) tokens = new VisionEntryOnnx(new OnnxScope(graph, $"entry{s}"), entry, net.Epsilon).Write(tokens);
            foreach (VisionBlock block in net.Stages[s].Blocks) tokens = new VisionBlockOnnx(new OnnxScope(graph, $"block{index++}"), block, net.Epsilon).Write(tokens);
        }
        graph.Node("Identity", Output, [LayerOnnx.Linear(graph, Read(new OnnxScope(graph, "norm"), net, tokens), net.Head)]);
        graph.Output(Output, batch, net.Classes);
        graph.Note("epsilon", net.Epsilon.ToString("R", CultureInfo.InvariantCulture));
        return graph.ToBytes();
    }

    /// <summary>images (N, channels, side, side) -> all tokens of the first stage.</summary>
    /// <param name="prefix">Of the values' names, where a graph has several networks.</param>
    internal static TokensOnnx Embed(OnnxGraph graph, VisionNet net, string images, string prefix)
    {
        string x = VitOnnx.Pixels(graph, images, net.Input.Scale, net.Input.Offset, prefix);
        foreach (ConvLayer conv in net.Stem) x = LayerOnnx.Conv(graph, x, conv);                              // (N, C, grid, grid)
        int grid = net.Grid, c = net.Stem[^1].M;
        x = VisionEntryOnnx.Tokens(new OnnxScope(graph, prefix + "patches"), x, c, grid);                     // (N, patches, C)
        if (net.StemNorm is { } norm) x = LayerOnnx.Norm(new OnnxScope(graph, prefix + "stem_norm"), x, norm, net.Epsilon);
        bool classToken = net.ClassToken.Length > 0;
        if (classToken) x = VitOnnx.WithClassToken(graph, images, x, net.ClassToken, prefix);
        if (net.Positions.Length > 0) x = graph.Node("Add", prefix + "embedded", [x, graph.Floats(prefix + "positions", net.Positions, net.Positions.Length / c, c)]);
        return new TokensOnnx(x, grid, classToken, grid * grid);
    }

    /// <summary>What the head reads, (N, C).</summary>
    private static string Read(OnnxScope scope, VisionNet net, TokensOnnx tokens)
    {
        if (tokens.ClassToken) return LayerOnnx.Norm(scope, scope.Node("Squeeze", "class_flat", [tokens.Class(scope), scope.Graph.Whole(1)]), net.Norm, net.Epsilon);
        return scope.Node("Squeeze", "mean_flat", [LayerOnnx.Mean(scope, LayerOnnx.Norm(scope, tokens.X, net.Norm, net.Epsilon)), scope.Graph.Whole(1)]);
    }
}
