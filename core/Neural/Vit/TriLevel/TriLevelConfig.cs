using Hone.Model;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>Which example leaves first among those that were never forgotten equally often, and how examples are ranked at all.</summary>
public enum ExampleRule
{
    /// <summary>The least forgotten leave; ties by the variance of the class token's attention, then by number [code, with attention].</summary>
    Forgetting,

    /// <summary>Those that leave are drawn; a control.</summary>
    Random,

    /// <summary>None leaves: the first subset stays; a control.</summary>
    Static,
}

/// <summary>
/// Everything a Tri-Level E-ViT training is made from. Sources in brackets: [paper] arXiv 2211.10801, [code] the authors' repository, [sheet] small-scale values of the method's sheet, [ours]
/// chosen here.
/// </summary>
public sealed record TriLevelConfig
{
    public VitShape Shape { get; init; } = VitShape.FashionClutter;

    /// <summary>The training; an epoch is a pass over the active examples.</summary>
    public VitRun Run { get; init; } = new() { Epochs = 20 };

    /// <summary>Share of the examples that are removed before training [code: 0.2]; 0: level 1 is off.</summary>
    public double Removed { get; init; } = 0.2;

    /// <summary>Share of all examples that are swapped each time [code: 0.05].</summary>
    public double Swapped { get; init; } = 0.05;

    /// <summary>How often they are swapped [code: 5 times, at 30, 60 .. 150 of 300 epochs].</summary>
    public int Swaps { get; init; } = 5;

    /// <summary>Share of the training between two swaps [code: 0.1].</summary>
    public double SwapEvery { get; init; } = 0.1;

    public ExampleRule Rule { get; init; } = ExampleRule.Forgetting;

    /// <summary>Share of the arriving patches that each pruning block keeps at the end [code: 0.9 for DeiT-T]; 1: level 2 is off.</summary>
    public double Keep { get; init; } = 0.9;

    /// <summary>Share of links that rows keep at the end [code: 0.1 for DeiT-T]; 1: level 3 is off.</summary>
    public double Links { get; init; } = 0.1;

    /// <summary>Pruning blocks, counted from 0 [code: 3, 6, 9 of 12; sheet: L/4, L/2, 3L/4].</summary>
    public ValueList<int> Blocks { get; init; } = [2, 4, 6];

    /// <summary>Share of the training before which nothing is pruned, and after which the end values hold; a cosine between [code: 10/300 and 110/300].</summary>
    public double Begins { get; init; } = 1 / 30.0;

    /// <inheritdoc cref="Begins"/>
    public double Holds { get; init; } = 11 / 30.0;

    /// <summary>The share that is kept at a point of the training, for one that ends at <paramref name="end"/>.</summary>
    /// <param name="done">Share of the steps made, 0..1.</param>
    public double Share(double end, double done) => done < Begins ? 1 : done >= Holds ? end : end + ((1 - end) * (1 + Math.Cos(Math.PI * (done - Begins) / (Holds - Begins))) / 2);

    /// <exception cref="SpecException">A value that no such training has.</exception>
    public void Check()
    {
        Shape.Check();
        Run.Check();
        Expect(Shape.OneStage && Shape.Form.ClassToken, "model.variant: patches and links are chosen by a class token's attention in one stage; expected deit or lv-vit");
        Expect(Removed is >= 0 and < 1, $"model.removed: expected a share of the examples from 0, below 1, got {Removed}");
        Expect(Swapped >= 0 && (Removed == 0 || Swapped <= Removed && Swapped < 1 - Removed), $"model.swapped: expected a share that both the removed and the remaining examples can give, got {Swapped}");
        Expect(Swaps >= 0 && SwapEvery > 0 && Swaps * SwapEvery <= 1, $"model.swaps: expected swaps that lie within the training, got {Swaps} every {SwapEvery} of it");
        Expect(Keep is > 0 and <= 1 && Links is > 0 and <= 1, $"model.keep and model.links: expected shares above 0 and up to 1, got {Keep} and {Links}");
        for (int i = 0; i < Blocks.Count; i++)
            Expect(Blocks[i] >= 0 && Blocks[i] < Shape.Depth && (i == 0 || Blocks[i] > Blocks[i - 1]), $"model.blocks: expected growing numbers of blocks in 0..{Shape.Depth - 1}, got {Blocks}");
        Expect(Begins >= 0 && Holds > Begins && Holds <= 1, $"model.begins and model.holds: expected growing shares of the training, got {Begins} and {Holds}");
    }

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new SpecException(message);
    }
}
