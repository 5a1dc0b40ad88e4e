using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Which nets a step of the supernet's training sees.</summary>
public enum Sampling
{
    /// <summary>One net a step: largest, random, smallest, random.</summary>
    Alternate,

    /// <summary>Four nets a step on the same images, their gradients averaged: largest, smallest and two random ones (the sandwich rule, arXiv 1903.05134).</summary>
    Sandwich,
}

/// <summary>
/// Everything a Quasar-ViT supernet is made from. Sources in brackets: [paper] arXiv 2407.18175; [ours] the paper gives no value, chosen here;
/// [measured] chosen by the runs in this folder's README.
/// </summary>
public sealed record QuasarVitConfig
{
    /// <summary>Side of the square input in pixels.</summary>
    public int Side { get; init; } = 28;

    /// <summary>Of the images.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Side of a patch in pixels; divides <see cref="Side"/> [ours].</summary>
    public int Patch { get; init; } = 4;

    /// <summary>Rows of the head.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Input x = (p / 255 - Mean) / Deviation, p the pixel byte; the moments of the Fashion-MNIST training images.</summary>
    public double Mean { get; init; } = 0.286;

    /// <summary>See <see cref="Mean"/>.</summary>
    public double Deviation { get; init; } = 0.353;

    /// <summary>Choices of E, the width of the residual stream [ours].</summary>
    public ValueList<int> Widths { get; init; } = [16, 24, 32, 48, 64];

    /// <summary>Choices of L, the number of blocks [ours].</summary>
    public ValueList<int> Depths { get; init; } = [4, 5, 6];

    /// <summary>Choices of h, heads per block [ours].</summary>
    public ValueList<int> Heads { get; init; } = [2, 3, 4];

    /// <summary>Choices of R, the MLP's hidden width over E [ours].</summary>
    public ValueList<int> Expansions { get; init; } = [2, 3, 4];

    /// <summary>Choices of r, the share of 8-bit rows per matrix [ours].</summary>
    public ValueList<double> RowRatios { get; init; } = [0, 0.25, 0.5, 0.75, 1];

    /// <summary>d, the width of a head [ours].</summary>
    public int HeadWidth { get; init; } = 16;

    /// <summary>8-bit rows come in groups of this many, the row tile of the engines [ours].</summary>
    public int RowGroup { get; init; } = 16;

    /// <summary>Initial layer scaling lam, kept at inference [ours, after CaiT].</summary>
    public double LayerScale { get; init; } = 0.1;

    /// <summary>Whether lam is learned; if not it stays at <see cref="LayerScale"/>, for comparison [ours].</summary>
    public bool LearnLayerScale { get; init; } = true;

    /// <summary>
    /// Whether both precisions are views of one latent row [paper]; if not the 4-bit and the 8-bit rows have latent tensors of their own (double memory), for comparison.
    /// </summary>
    public bool Entangled { get; init; } = true;

    /// <summary>Which nets a step trains [ours].</summary>
    public Sampling Sampling { get; init; } = Sampling.Alternate;

    /// <summary>Epochs of a separate float teacher, the largest net alone; 0: the teacher is the largest net's last answer for the same image [ours].</summary>
    public int TeacherEpochs { get; init; }

    /// <summary>Passes over the training images [measured].</summary>
    public int Epochs { get; init; } = 2;

    /// <summary>Share of the steps before the quantisers act; the rows then begin from trained float weights [ours].</summary>
    public double FloatShare { get; init; } = 0.5;

    /// <summary>Images per step [measured; the method's own sheet says 64].</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Peak learning rate of AdamW [measured].</summary>
    public double PeakRate { get; init; } = 3e-3;

    /// <summary>Peak learning rate of the quantised phase, with a warm-up and a cosine of its own; 0: one cosine through both phases [ours].</summary>
    public double QuantisedRate { get; init; }

    /// <summary>Learning rate at the end of the cosine [ours].</summary>
    public double FinalRate { get; init; } = 1e-5;

    /// <summary>Epochs of linear warm-up [ours].</summary>
    public double WarmUpEpochs { get; init; } = 0.1;

    /// <summary>Weight decay of the matrices; none on biases, norms, lam, steps, positions, CLS [ours].</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>AdamW's decay of the first moment [ours].</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's decay of the second moment [ours].</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Largest gradient norm (steps left out) [ours].</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Label smoothing of the cross entropy [ours].</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Weight of KL(teacher || subnet) beside the cross entropy [ours; that a teacher is used: paper].</summary>
    public double Distillation { get; init; } = 0.5;

    /// <summary>Random crop after padding by so many black pixels; 0: none [ours].</summary>
    public int Crop { get; init; }

    /// <summary>Mirror half of the images (CIFAR only; garments and digits are not mirrored) [ours].</summary>
    public bool Flip { get; init; }

    /// <summary>Training images used, the first of the set it is given; 0: all [ours].</summary>
    public int Images { get; init; }

    /// <summary>Numbers of the blocks' branches in training; residual, norms and all evaluation stay in float32 [measured].</summary>
    public Branches Branches { get; init; } = Branches.Auto;

    /// <summary>Parts of a batch, a thread each; part of the numerics class, so never taken from the machine.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Where training runs: cpu, or cuda for GPU builds. Evaluation and all reported accuracy are float32 on integer codes on the processor.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Training in rounds by several shards; null: by one, without rounds [ours].</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LocalSgd? Rounds { get; init; }

    /// <summary>First weights, order of images, nets of the steps and crops are functions of it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Patches of an image.</summary>
    public int Patches => Side / Patch * (Side / Patch);

    /// <summary>n = patches + 1, the class token first.</summary>
    public int Tokens => Patches + 1;

    /// <summary>Values of a patch, ordered (channel, y, x).</summary>
    public int PatchSize => Patch * Patch * Channels;

    internal int MaxWidth => Largest(Widths);

    internal int MaxDepth => Largest(Depths);

    internal int MaxInner => Largest(Heads) * HeadWidth;

    internal int MaxHidden => Largest(Expansions) * MaxWidth;

    /// <summary>28 x 28 x 1, patch 4, n = 50.</summary>
    public static QuasarVitConfig FashionMnist { get; } = new();

    /// <summary>32 x 32 x 3, patch 4, n = 65; moments of the CIFAR-10 training images over all channels.</summary>
    public static QuasarVitConfig Cifar10 { get; } = new()
    {
        Side = 32, Channels = 3, Mean = 0.4734, Deviation = 0.2516, Widths = [16, 24, 64, 80, 96], Crop = 4, Flip = true,
    };

    /// <summary>42 x 42 x 1 (fashion-clutter), patch 6, n = 50.</summary>
    public static QuasarVitConfig FashionClutter { get; } = new() { Side = 42, Patch = 6, Mean = 0.168, Deviation = 0.307 };

    /// <summary>
    /// DeiT-sized, 224 x 224 x 3, patch 16, n = 197, head width 64; the choices of AutoFormer-T (microsoft/Cream) but for its R of 3.5, which is no whole number.
    /// Made for GPUs; no accuracy is claimed for it.
    /// </summary>
    public static QuasarVitConfig DeitSized { get; } = new()
    {
        Side = 224, Channels = 3, Patch = 16, Classes = 1000, Mean = 0.449, Deviation = 0.226, HeadWidth = 64,
        Widths = [192, 216, 240], Depths = [12, 13, 14], Heads = [3, 4], Expansions = [3, 4], Flip = true,
    };

    /// <summary>The space of one net: nothing larger is trained with it, and first weights and steps are those of its own sizes.</summary>
    public QuasarVitConfig For(QuasarVitGenome genome) => this with
    {
        Widths = [genome.Width], Depths = [genome.Depth],
        Heads = genome.Blocks.Select(b => b.Heads).Distinct().Order().ToValueList(), Expansions = genome.Blocks.Select(b => b.Expansion).Distinct().Order().ToValueList(),
    };

    /// <exception cref="SpecException">A value no network can be made from.</exception>
    public void Check()
    {
        Expect(Side > 0 && Patch > 0 && Side % Patch == 0, $"side must be a multiple of patch, got {Side} and {Patch}");
        Expect(Channels > 0 && Classes > 1, $"expected at least 1 channel and 2 classes, got {Channels} and {Classes}");
        foreach (var (name, list) in new[] { ("widths", Widths), ("depths", Depths), ("heads", Heads), ("expansions", Expansions) })
        {
            Expect(list.Count > 0, $"{name}: expected at least one choice");
            for (int i = 0; i < list.Count; i++)
                Expect(list[i] > 0 && (i == 0 || list[i] > list[i - 1]), $"{name}: expected growing positive numbers, got {list}");
        }
        Expect(RowRatios.Count > 0, "row ratios: expected at least one choice");
        foreach (double r in RowRatios) Expect(r is >= 0 and <= 1, $"row ratios lie in 0..1, got {r}");
        Expect(Epochs > 0 && Batch > 0 && Threads > 0 && Images >= 0 && TeacherEpochs >= 0, "epochs, batch and threads must be positive");
        Rounds?.Check();
        Expect(FloatShare is >= 0 and <= 1, $"float share must lie in 0..1, got {FloatShare}");
        Expect(PeakRate > 0 && QuantisedRate >= 0 && Deviation > 0 && LayerScale > 0, "peak rate, deviation and layer scale must be positive");
        Expect(Crop >= 0 && Crop < Side, $"crop must lie in 0..{Side - 1}, got {Crop}");
        Expect(HeadWidth > 0 && RowGroup > 0, $"head width and row group must be positive, got {HeadWidth} and {RowGroup}");
        Expect(LabelSmoothing is >= 0 and < 1 && Distillation >= 0 && ClipNorm >= 0, "label smoothing must lie in 0..1, distillation and clip norm must not be negative");
    }

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new SpecException($"quasar-vit: {message}");
    }

    private static int Largest(ValueList<int> list) => list[list.Count - 1];
}
