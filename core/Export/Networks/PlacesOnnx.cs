namespace Hone.Export;

/// <summary>Alive tokens of one image back at their places, where something asks for the whole grid. Letters: p tokens, C width.</summary>
internal static class PlacesOnnx
{
    /// <summary>Rows (1, p, C) at their places (p) among zeros, (1, count, C).</summary>
    public static string Scatter(OnnxScope scope, string output, string rows, string places, int count, int c)
    {
        string zeros = scope.Node("ConstantOfShape", $"{output}_zeros", [scope.Graph.Whole(count, c)]);
        string index = scope.Node("Unsqueeze", $"{output}_index", [places, scope.Graph.Whole(-1)]), flat = scope.Node("Squeeze", $"{output}_rows", [rows, scope.Graph.Whole(0)]);
        return scope.Node("Unsqueeze", output, [scope.Node("ScatterND", $"{output}_scattered", [zeros, index, flat]), scope.Graph.Whole(0)]);
    }

    /// <summary>1 at the places (p), 0 elsewhere, (count).</summary>
    public static string Mask(OnnxScope scope, string output, string places, int count)
    {
        string ones = scope.Node("Expand", $"{output}_ones", [scope.Graph.Number(1), scope.Node("Shape", $"{output}_shape", [places])]);
        string zeros = scope.Node("ConstantOfShape", $"{output}_zeros", [scope.Graph.Whole(count)]);
        return scope.Node("ScatterND", output, [zeros, scope.Node("Unsqueeze", $"{output}_index", [places, scope.Graph.Whole(-1)]), ones]);
    }
}
