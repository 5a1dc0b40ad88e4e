using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>Which patches of an image a student sees.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TicketRule>))]
public enum TicketRule
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that a trained selector keeps [paper].</summary>
    Ticket,

    /// <summary>As many, drawn anew for each image and step [code].</summary>
    Random,

    /// <summary>As many, the same places in every image and step [sheet].</summary>
    Fixed,

    /// <summary>As many, those that the selector's class token attends to least [sheet].</summary>
    Anti,

    /// <summary>As many, those whose pixels vary most; no label has told which [sheet].</summary>
    Variance,

    /// <summary>As many, those nearest to the image's centre.</summary>
    Centre,
}

/// <summary>
/// Everything a data-level lottery ticket is made from. Sources in brackets: [paper] arXiv 2211.01484, [code] the authors' repository, [sheet] small-scale values of the method's sheet, [ours]
/// chosen here.
/// </summary>
public sealed record DataTicketConfig
{
    public VitShape Shape { get; init; } = VitShape.FashionClutter;

    /// <summary>The selector's training from scratch, without pruning [sheet: 25 epochs].</summary>
    public VitRun Dense { get; init; } = new();

    /// <summary>Epochs in which the selector learns on while it prunes [code: 30; sheet: 8].</summary>
    public double SelectorEpochs { get; init; } = 2;

    /// <summary>Its learning rate then [sheet].</summary>
    public double SelectorRate { get; init; } = 1e-4;

    /// <summary>Shares of the arriving patches that each of the selector's pruning blocks may keep; it learns under all of them in turn [code's values; that one selector serves all: ours].</summary>
    public ValueList<double> Keeps { get; init; } = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7];

    /// <summary>The selector's pruning blocks, counted from 0 [code: 3, 6, 9 of 12; sheet: L/4, L/2, 3L/4; the first three, where a token is still little more than its patch: ours].</summary>
    public ValueList<int> Blocks { get; init; } = [0, 1, 2];

    /// <summary>The student's training from scratch.</summary>
    public VitRun Student { get; init; } = new();

    /// <summary>Patches of a ticket at a rate: each pruning block keeps ceil(r n) of what arrives.</summary>
    public int TicketSize(double keep)
    {
        int size = Shape.Patches;
        for (int i = 0; i < Blocks.Count; i++) size = (int)Math.Ceiling(keep * size);
        return size;
    }

    /// <exception cref="SpecException">A value that makes no ticket.</exception>
    public void Check()
    {
        Shape.Check();
        Dense.Check();
        Student.Check();
        Expect(Shape.OneStage && Shape.Form.ClassToken && !Shape.Convolves, "model.variant: tickets are chosen by a class token's attention among patches cut from the image; expected deit");
        Expect(Blocks.Count > 0, "model.blocks: expected at least one pruning block of the selector");
        for (int i = 0; i < Blocks.Count; i++)
            Expect(Blocks[i] >= 0 && Blocks[i] < Shape.Depth && (i == 0 || Blocks[i] > Blocks[i - 1]), $"model.blocks: expected growing numbers of blocks in 0..{Shape.Depth - 1}, got {Blocks}");
        Expect(Keeps.Count > 0, "model.keeps: expected at least one share");
        foreach (double keep in Keeps) Expect(keep is > 0 and <= 1, $"model.keeps: expected shares above 0 and up to 1, got {keep}");
        Expect(SelectorEpochs >= 0 && SelectorRate > 0, $"training: expected no negative selector_epochs and a positive selector_rate, got {SelectorEpochs} and {SelectorRate}");
    }

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new SpecException(message);
    }
}
