using System.Globalization;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// The genes of Quasar-ViT: E and L of the whole net, then per block i its heads <c>h{i}</c>, expansion <c>R{i}</c> and the share of 8-bit rows of
/// each of its four matrices <c>qkv{i}</c>, <c>proj{i}</c>, <c>fc1{i}</c>, <c>fc2{i}</c>. Block genes act only when the net is deep enough.
/// </summary>
public static class QuasarVitSpace
{
    private const double BlockMutation = 0.2, NetMutation = 0.4;   // AutoFormer's probabilities

    /// <summary>The space of a configuration; 1.6e23 candidates for the built-in ones of five widths.</summary>
    public static SearchSpace Build(QuasarVitConfig config)
    {
        config.Check();
        var genes = new List<Gene>
        {
            Over("E", config.Widths) with { Mutation = NetMutation },
            Over("L", config.Depths) with { Mutation = NetMutation },
        };
        for (int block = 1; block <= config.MaxDepth; block++)
        {
            int atLeast = 0;
            while (config.Depths[atLeast] < block) atLeast++;
            Activation? when = atLeast == 0 ? null : new Activation("L", atLeast);
            genes.Add(Own(Over($"h{block}", config.Heads)));
            genes.Add(Own(Over($"R{block}", config.Expansions)));
            foreach (string matrix in (ReadOnlySpan<string>)["qkv", "proj", "fc1", "fc2"])
                genes.Add(Own(Gene.Of($"{matrix}{block}", config.RowRatios.Span)));

            Gene Own(Gene gene) => gene with { When = when, Block = $"block {block}", Mutation = BlockMutation };
        }
        return new SearchSpace(genes.ToArray());
    }

    private static Gene Over(string name, ValueList<int> choices) =>
        new(name, choices.Select(c => c.ToString(CultureInfo.InvariantCulture)).ToValueList());
}
