namespace Hone.Export.Bench;

/// <summary>Sizes of a vision transformer: tokens of so many inputs become the network's width by a product, and the first of them is classified.</summary>
/// <param name="Inputs">Numbers of a patch.</param>
/// <param name="Hidden">The width of the two products behind the attention.</param>
public sealed record TransformerShape(int Tokens, int Inputs, int Width, int Heads, int Hidden, int Blocks, int Classes)
{
    /// <summary>DeiT-T (arXiv 2012.12877): 224 x 224 pixels in patches of 16 x 16, three channels each; the class token is one more patch here.</summary>
    public static TransformerShape DeitTiny { get; } = new(197, 16 * 16 * 3, 192, 3, 768, 12, 1000);
}
