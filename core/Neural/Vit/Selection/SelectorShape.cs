using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>How a token selector is built; see <see cref="TokenSelector"/> for its equations.</summary>
/// <param name="Width">C.</param>
/// <param name="Heads">h, at least 2.</param>
/// <param name="Halves">Whether the first layer has d outputs, half of them local and half for the global mean (SPViT's code), or d / 2 that serve as both (HeatViT, SPViT's paper).</param>
/// <param name="HeadHidden">Hidden width of the heads' weights: h / 2 (SPViT) or h (HeatViT).</param>
/// <param name="Logarithms">Whether heads are averaged as logarithms for the decision (SPViT), or as probabilities (HeatViT).</param>
public sealed record SelectorShape(int Width, int Heads, bool Halves, int HeadHidden, bool Logarithms)
{
    /// <summary>Of its norm: the net's.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>d.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>The selector of SPViT's code.</summary>
    /// <param name="stage">Where it stands; null: in the first stage.</param>
    public static SelectorShape Spvit(VitShape shape, VitStage? stage = null) => Of(shape, stage, (width, heads) => new(width, heads, true, Math.Max(1, heads / 2), true));

    /// <summary>HeatViT's.</summary>
    /// <param name="stage">As in <see cref="Spvit"/>.</param>
    public static SelectorShape HeatVit(VitShape shape, VitStage? stage = null) => Of(shape, stage, (width, heads) => new(width, heads, false, heads, false));

    private static SelectorShape Of(VitShape shape, VitStage? stage, Func<int, int, SelectorShape> build) =>
        build(stage?.Width ?? shape.Width, stage?.Heads ?? shape.Heads) with { Epsilon = shape.Form.Epsilon };

    /// <summary>Names, rows and columns of its linear layers, in the order in which they run.</summary>
    public IEnumerable<(string Name, int M, int K)> Layers()
    {
        int d = HeadWidth;
        yield return ("embed", Halves ? d : d / 2, d);
        yield return ("fc1", d / 2, d);
        yield return ("fc2", d / 4, d / 2);
        yield return ("fc3", 2, d / 4);
        yield return ("head.fc1", HeadHidden, Heads);
        yield return ("head.fc2", Heads, HeadHidden);
    }

    /// <exception cref="SpecException">Heads that no selector can score.</exception>
    public void Check()
    {
        if (Heads < 2 || HeadWidth % 4 != 0 || Width % Heads != 0)
            throw new SpecException($"model.heads: a token selector expects at least 2 heads of a width that 4 divides, got {Heads} heads over a width of {Width}");
    }
}
