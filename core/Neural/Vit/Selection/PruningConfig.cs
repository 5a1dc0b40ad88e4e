using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Whose selector scores tokens.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SelectorKind>))]
public enum SelectorKind { Spvit, HeatVit }

/// <summary>What makes a net that is fine-tuned under a plan keep the plan's shares.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShareRule>))]
public enum ShareRule
{
    /// <summary>Each batch has thresholds of its own, under which the shares are kept.</summary>
    Thresholds,

    /// <summary>A term of the loss; thresholds stand.</summary>
    Loss,
}

/// <summary>
/// What learned token pruning is made from, SPViT's and HeatViT's alike. Sources in brackets: [code] SPViT's repository, whose selector family both belong to, [sheet] small-scale values of the
/// methods' sheets, [ours] chosen here.
/// </summary>
public sealed record PruningConfig
{
    public SelectorKind Kind { get; init; } = SelectorKind.Spvit;

    public VitShape Shape { get; init; } = VitShape.FashionClutter;

    /// <summary>The dense net's training from scratch; its end is the teacher, and where pruning begins.</summary>
    public VitRun Dense { get; init; } = new();

    /// <summary>Blocks, counted from 0, that a selector may stand before [sheet: L/4, L/2, 3L/4; the two between them: ours]; none: a net that keeps every token, with heads of any width.</summary>
    public ValueList<int> Positions { get; init; } = [2, 3, 4, 5, 6];

    /// <summary>Shares of the tokens that arrive which a selector may keep; 1 is no selector [ours].</summary>
    public ValueList<double> Keeps { get; init; } = [1, 0.9, 0.8, 0.7, 0.6, 0.5];

    /// <summary>Epochs in which all selectors learn at once, each step under keeps of its own [ours: what candidates share].</summary>
    public double SharedEpochs { get; init; } = 4;

    /// <summary>Epochs of fine-tuning of a chosen member under its own keeps [code: 30; sheet: 10].</summary>
    public double TuneEpochs { get; init; } = 1;

    /// <summary>Peak learning rate of selectors [sheet].</summary>
    public double SelectorRate { get; init; } = 1e-3;

    /// <summary>Peak learning rate of the backbone while selectors learn [sheet: 1e-5, code: 0.01 of the base rate; measured for short trainings of nets that were trained from scratch].</summary>
    public double BackboneRate { get; init; } = 1e-3;

    /// <summary>Share of a training during which the backbone stands still [sheet: 2 of 10 epochs; measured].</summary>
    public double FrozenShare { get; init; }

    /// <summary>How fine-tuning holds shares [code: by the loss; ours: by thresholds, as shared training does and as nets are tested].</summary>
    public ShareRule Shares { get; init; } = ShareRule.Thresholds;

    /// <summary>How strong the noise is that decisions are drawn with when a training begins [code: 1, Gumbel's; measured].</summary>
    public double Noise { get; init; } = 1;

    /// <summary>How strong it is at the end, straight from one to the other [code: 1; measured: none, as in tests].</summary>
    public double FinalNoise { get; init; }

    /// <summary>Weight of the squared difference of kept and wanted shares, averaged over selectors [code].</summary>
    public double RatioWeight { get; init; } = 2;

    /// <summary>Weight of the squared difference of the share that each image keeps from the wanted one, averaged over images and selectors: how far images may differ [DynamicViT's code: 2, in place of the ratio over the batch; SPViT's: 0; measured: 20].</summary>
    public double EvenWeight { get; init; } = 20;

    /// <summary>Weight of KL(teacher || student) [code].</summary>
    public double Distillation { get; init; } = 0.5;

    /// <summary>Weight of the mean squared difference of the last tokens from the teacher's [code].</summary>
    public double TokenWeight { get; init; } = 0.5;

    /// <summary>What becomes of dropped tokens [code, variant a; HeatViT: merged].</summary>
    public PackageRule Package { get; init; } = PackageRule.Running;

    /// <summary>Bits of the fixed-point numbers that devices price the net in; SPViT trains and is exported in float32 [ours; the paper's FPGA precision is not known].</summary>
    public int Bits { get; init; } = 16;

    /// <summary>How the selectors of the first stage are built.</summary>
    [JsonIgnore]
    public SelectorShape Selector => SelectorIn(null);

    /// <summary>How a selector before a block is built.</summary>
    public SelectorShape SelectorOf(int block) => SelectorIn(Shape.StageOf(block));

    private SelectorShape SelectorIn(VitStage? stage) => Kind == SelectorKind.Spvit ? SelectorShape.Spvit(Shape, stage) : SelectorShape.HeatVit(Shape, stage);

    /// <exception cref="SpecException">A value that no such study has.</exception>
    public void Check()
    {
        Shape.Check();
        Dense.Check();
        for (int i = 0; i < Positions.Count; i++)
            Expect(Positions[i] >= 1 && Positions[i] < Shape.Depth && (i == 0 || Positions[i] > Positions[i - 1]),
                $"model.positions: expected growing numbers of blocks in 1..{Shape.Depth - 1} (before block 0 there is nothing to judge by), got {Positions}");
        foreach (int position in Positions) SelectorOf(position).Check();
        Expect(Package == PackageRule.None || Shape.Form.Window == 0 && (Shape.Form.Later.Count == 0 || Shape.Form.Step == StageStep.Pool),
            $"model.package: windows and merging have no place for packages; expected none, got {Package}");
        Expect(Keeps.Count > 0 && Keeps[0] == 1, $"model.keeps: expected 1 (no selector) first, got {Keeps}");
        foreach (double keep in Keeps) Expect(keep is > 0 and <= 1, $"model.keeps: expected shares above 0 and up to 1, got {keep}");
        Expect(SharedEpochs > 0 && TuneEpochs >= 0, $"training: expected positive shared_epochs and no negative tune_epochs, got {SharedEpochs} and {TuneEpochs}");
        Expect(SelectorRate > 0 && BackboneRate >= 0 && FrozenShare is >= 0 and <= 1, "training: selector_rate must be positive, backbone_rate not negative, frozen_share in 0..1");
        Expect(RatioWeight >= 0 && EvenWeight >= 0 && Distillation >= 0 && TokenWeight >= 0, "training: ratio_weight, even_weight, distillation and token_weight must not be negative");
        Expect(Noise >= 0 && FinalNoise >= 0, $"training: expected noise and final_noise of at least 0, got {Noise} and {FinalNoise}");
        Expect(Bits is >= 4 and <= 16, $"model.bits: expected 4..16, got {Bits}");
    }

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new SpecException(message);
    }
}
