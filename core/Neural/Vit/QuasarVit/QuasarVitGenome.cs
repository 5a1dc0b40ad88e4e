using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>One block: heads h, expansion R and the shares of 8-bit rows of its four matrices.</summary>
public sealed record QuasarVitBlockGenome(int Heads, int Expansion, double Qkv, double Proj, double Fc1, double Fc2);

/// <summary>A subnet: width E, depth L = <see cref="Blocks"/>.Count and what each block is.</summary>
public sealed record QuasarVitGenome(int Width, ValueList<QuasarVitBlockGenome> Blocks)
{
    /// <summary>L.</summary>
    public int Depth => Blocks.Count;

    /// <summary>Reads a candidate of <see cref="QuasarVitSpace.Build"/>.</summary>
    public static QuasarVitGenome From(Candidate candidate)
    {
        SearchSpace space = candidate.Space;
        ReadOnlySpan<int> choices = candidate.Choices;
        int depth = (int)space.NumberOf(1, choices[1]);
        var blocks = new QuasarVitBlockGenome[depth];
        for (int b = 0, gene = 2; b < depth; b++, gene += 6)   // the space's order: E, L, then six genes per block
            blocks[b] = new QuasarVitBlockGenome(
                (int)space.NumberOf(gene, choices[gene]), (int)space.NumberOf(gene + 1, choices[gene + 1]),
                space.NumberOf(gene + 2, choices[gene + 2]), space.NumberOf(gene + 3, choices[gene + 3]),
                space.NumberOf(gene + 4, choices[gene + 4]), space.NumberOf(gene + 5, choices[gene + 5]));
        return new QuasarVitGenome((int)space.NumberOf(0, choices[0]), ValueList.Create<QuasarVitBlockGenome>(blocks));
    }

    /// <summary>The largest net of a configuration, all rows in 8 bits: the teacher.</summary>
    public static QuasarVitGenome Largest(QuasarVitConfig config) =>
        Same(config.MaxWidth, config.MaxDepth, new(config.Heads[^1], config.Expansions[^1], 1, 1, 1, 1));

    /// <summary>The smallest net of a configuration, all rows in 4 bits.</summary>
    public static QuasarVitGenome Smallest(QuasarVitConfig config) =>
        Same(config.Widths[0], config.Depths[0], new(config.Heads[0], config.Expansions[0], 0, 0, 0, 0));

    /// <summary>Every gene drawn uniformly.</summary>
    public static QuasarVitGenome Random(QuasarVitConfig config, Chance chance)
    {
        int width = Draw(config.Widths, chance), depth = Draw(config.Depths, chance);
        var blocks = new QuasarVitBlockGenome[depth];
        for (int b = 0; b < depth; b++)
            blocks[b] = new(Draw(config.Heads, chance), Draw(config.Expansions, chance),
                Draw(config.RowRatios, chance), Draw(config.RowRatios, chance), Draw(config.RowRatios, chance), Draw(config.RowRatios, chance));
        return new(width, ValueList.Create<QuasarVitBlockGenome>(blocks));
    }

    private static T Draw<T>(ValueList<T> choices, Chance chance) => choices[chance.Next(choices.Count)];

    internal static QuasarVitGenome Same(int width, int depth, QuasarVitBlockGenome block) =>
        new(width, Enumerable.Repeat(block, depth).ToValueList());
}
