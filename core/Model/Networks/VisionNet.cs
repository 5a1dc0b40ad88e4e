namespace Hone.Model;

/// <summary>Bytes to numbers: channel c of a pixel p enters as p * Scale[c] + Offset[c].</summary>
public sealed record PixelInput(int Channels, int Side, float[] Scale, float[] Offset);

/// <summary>Keeps the best patches of every image between a block's attention and its MLP, the same number for each: ceil(Keep * n) by the class token's attention, averaged over heads (EViT).</summary>
/// <param name="Keep">Above 0, at most 1.</param>
/// <param name="Links">Where below 1: patches attend, from this block's end to the next pruning block's attention, to the ceil(Links * n) patches of largest mean attention and to the class token (Tri-Level E-ViT).</param>
public sealed record BestPatches(double Keep, double Links = 1)
{
    /// <summary>How many of so many patches go on.</summary>
    public int Kept(int patches) => (int)Math.Ceiling(Keep * patches);

    /// <summary>How many of so many kept patches each of them attends to.</summary>
    public int Seen(int kept) => (int)Math.Ceiling(Links * kept);
}

/// <summary>Attention inside square windows of the grid (Swin).</summary>
/// <param name="Size">Side of a window in tokens.</param>
/// <param name="Shift">How far the grid is rolled before it is cut into windows; tokens from opposite sides do not see each other.</param>
/// <param name="Bias">Shape (heads, (2 Size - 1)^2): added to scores by relative place, row differences first.</param>
public sealed record WindowAttention(int Size, int Shift, float[] Bias);

/// <summary>
/// A transformer block: tokens are selected, <c>x += Scale1 * Proj(attention(Norm1(x)))</c>, patches are kept, <c>x += Scale2 * Fc2(gelu(Fc1(Norm2(x))))</c>.
/// </summary>
/// <param name="Selector">Runs first; null: every token goes on.</param>
/// <param name="Qkv">(3 A, C): rows of q, of k, of v; A is a multiple of the heads.</param>
/// <param name="Proj">(C, A).</param>
/// <param name="Scale1">Shape (C); <paramref name="Scale2"/> as well.</param>
/// <param name="Best">Null: every patch goes on.</param>
/// <param name="Window">Null: every token sees every other.</param>
public sealed record VisionBlock(
    TokenSelector? Selector, NormLayer Norm1, LinearLayer Qkv, int Heads, LinearLayer Proj, float[] Scale1,
    NormLayer Norm2, LinearLayer Fc1, LinearLayer Fc2, float[] Scale2, BestPatches? Best = null, WindowAttention? Window = null);

/// <summary>How tokens come from the grid of one stage to the smaller grid of the next. A token that was dropped counts as zeros; a new one lives where one of its old ones does.</summary>
public abstract record StageEntry
{
    /// <summary>A strided depthwise convolution over the patches, a linear layer for the class token (PiT).</summary>
    public sealed record Pool(ConvLayer Patches, LinearLayer ClassToken) : StageEntry;

    /// <summary>The four tokens of a 2 x 2 field side by side (upper left, lower left, upper right, lower right), their norm, a linear layer (Swin).</summary>
    public sealed record Merge(NormLayer Norm, LinearLayer Reduction) : StageEntry;
}

/// <summary>Blocks of one width on one grid.</summary>
/// <param name="Entry">Null for the first stage.</param>
public sealed record VisionStage(StageEntry? Entry, ValueList<VisionBlock> Blocks);

/// <summary>
/// A vision transformer as plain arrays, all that an export or an engine needs; <see cref="VisionReference"/> says what it means. Its last layer norm and head read the class token, or the
/// mean of the alive tokens where there is none (zeros where none is alive). <see cref="VisionNetCheck"/> says what goes together.
/// </summary>
/// <param name="Input">Square images.</param>
/// <param name="Stem">From image to patches: one convolution per patch (DeiT), overlapping ones (PiT), several (LV-ViT). The last one's outputs are the tokens, row by row.</param>
/// <param name="ClassToken">Shape (C), the first token; empty: there is none (Swin).</param>
/// <param name="Positions">Shape (T, C), added to all tokens, the class token first; or empty.</param>
/// <param name="Stages">One for DeiT and LV-ViT.</param>
/// <param name="Head">(classes, C).</param>
/// <param name="Epsilon">Of every layer norm.</param>
/// <param name="StemNorm">Of each patch behind the stem, before positions are added (Swin); null: none.</param>
/// <param name="Choice">Which patches it reads; null: all.</param>
public sealed record VisionNet(
    PixelInput Input, ValueList<ConvLayer> Stem, float[] ClassToken, float[] Positions, ValueList<VisionStage> Stages, NormLayer Norm, LinearLayer Head, float Epsilon,
    NormLayer? StemNorm = null, PatchChoice? Choice = null)
{
    public int Classes => Head.M;

    /// <summary>Side of the first stage's grid in tokens.</summary>
    public int Grid
    {
        get
        {
            int side = Input.Side;
            foreach (ConvLayer conv in Stem) side = conv.Out(side);
            return side;
        }
    }

    /// <summary>Whether token counts depend on the image.</summary>
    public bool IsDynamic => Stages.Any(s => s.Blocks.Any(b => b.Selector is not null));

    /// <summary>All linear layers and convolutions by name, a choosing network's first.</summary>
    internal IEnumerable<string> LayerNames => [.. Choice is PatchChoice.BySelector(var selector) ? selector.LayerNames : [], .. Stem.Select(conv => conv.Name), .. Stages.SelectMany(VisionNetCheck.Names), Head.Name];
}
