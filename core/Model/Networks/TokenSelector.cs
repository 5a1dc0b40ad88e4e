namespace Hone.Model;

/// <summary>What becomes of the tokens that a selector drops.</summary>
public enum PackageRule
{
    /// <summary>They are gone.</summary>
    None,

    /// <summary>Their mean, weighted by their scores, is added to the one package token (SPViT, variant a).</summary>
    Running,

    /// <summary>Their sum, weighted by their scores, becomes a package token of this selector's own (SPViT, variant b).</summary>
    PerStage,

    /// <summary>Their mean, weighted by their scores, the earlier package token among them with its own score, becomes the one package token (HeatViT).</summary>
    Merged,
}

/// <summary>
/// Scores the tokens of each image and keeps those that score as keepers. Letters: n tokens without the class token, C width, h heads, d = C / h. One small network for all heads:
/// <c>e = GELU(Embed(Norm(x_i)))</c> of head slice i, local and global features side by side (d numbers), <c>u_i = Fc3(GELU(Fc2(GELU(Fc1(features)))))</c>, column 0 keep and 1 drop;
/// heads are weighted by <c>a = sigmoid(HeadFc2(GELU(HeadFc1(m))))</c>, m the means of a token's head slices.
/// </summary>
/// <param name="Heads">h, at least 2; d is even.</param>
/// <param name="Norm">Over a head's slice, shape (d); null: none.</param>
/// <param name="Embed">(d, d): the first half of its outputs is local, the mean of the second half over the alive tokens global (SPViT's code). Or (d/2, d): local is the output, global its mean (HeatViT).</param>
/// <param name="Fc1">(d/2, d) in the papers; the widths between the layers are free.</param>
/// <param name="Fc2">(d/4, d/2) in the papers.</param>
/// <param name="Fc3">(2, d/4) in the papers.</param>
/// <param name="HeadFc1">From h means.</param>
/// <param name="HeadFc2">To h weights.</param>
/// <param name="Logarithms">Whether heads are averaged as logarithms of probabilities for the decision (SPViT), or as probabilities (HeatViT).</param>
/// <param name="Threshold">A token is kept where keep - drop of that average is at least this; 0 in the papers.</param>
/// <param name="Package">What becomes of the others, by the same rule in all selectors of a network. They are weighted by their averaged probability of being kept.</param>
public sealed record TokenSelector(
    int Heads, NormLayer? Norm, LinearLayer Embed, LinearLayer Fc1, LinearLayer Fc2, LinearLayer Fc3, LinearLayer HeadFc1, LinearLayer HeadFc2, bool Logarithms, float Threshold, PackageRule Package)
{
    /// <summary>Least sum of scores that a mean is divided by.</summary>
    public const float LeastWeight = 1e-6f;

    /// <summary>All linear layers, in the order in which they run.</summary>
    public IEnumerable<LinearLayer> Linears() => [Embed, Fc1, Fc2, Fc3, HeadFc1, HeadFc2];
}
