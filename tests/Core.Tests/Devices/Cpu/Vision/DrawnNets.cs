using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Vision;

/// <summary>Small vision transformers of every kind, weights drawn from a seed so that activations keep their size.</summary>
internal sealed class DrawnNets(uint seed)
{
    private readonly Chance _chance = new(21, Streams.Weights, seed);
    private int _names;

    public float[] Draw(int count, double deviation = 1, double centre = 0) => [.. Enumerable.Range(0, count).Select(_ => (float)(centre + deviation * _chance.NextGaussian()))];

    public byte[] Pixels(VisionNet net, int images = 1) => [.. Enumerable.Range(0, images * net.Input.Channels * net.Input.Side * net.Input.Side).Select(_ => (byte)_chance.Next(256))];

    public LinearLayer Linear(int outputs, int inputs, double gain = 1) => new($"l{_names++}", outputs, inputs, Draw(outputs * inputs, gain / Math.Sqrt(inputs)), Draw(outputs, 0.1));

    public NormLayer Norm(int width) => new(Draw(width, 0.1, 1), Draw(width, 0.1));

    public ConvLayer Conv(int outputs, int inputs, int kernel, int stride, int padding = 0, int groups = 1, bool relu = false) =>
        new($"c{_names++}", outputs, inputs, kernel, stride, padding, groups, Draw(outputs * (inputs / groups) * kernel * kernel, 1 / Math.Sqrt(inputs / groups * kernel * kernel)), Draw(outputs, 0.1), relu);

    /// <param name="whole">Whether the embedding gives local and global features (SPViT), not local ones alone (HeatViT).</param>
    public TokenSelector Selector(int width, int heads, PackageRule package, bool whole = true, float threshold = 0)
    {
        int slice = width / heads, half = slice / 2, quarter = Math.Max(1, slice / 4), hidden = Math.Max(1, heads / 2);
        double gain = whole ? 2 : 1;   // probabilities must not come near 1, where margins equal each other
        return new TokenSelector(heads, whole ? Norm(slice) : null, Linear(whole ? slice : half, slice, gain), Linear(half, 2 * half, gain), Linear(quarter, half, gain), Linear(2, quarter, gain), Linear(hidden, heads, 2), Linear(heads, hidden),
            whole, threshold, package);
    }

    public VisionBlock Block(int width, int heads, int attention = 0, int ratio = 3, TokenSelector? selector = null, BestPatches? best = null, WindowAttention? window = null)
    {
        int a = attention == 0 ? width : attention;
        return new VisionBlock(selector, Norm(width), Linear(3 * a, width, 1.5), heads, Linear(width, a), Draw(width, 0.1, 0.5), Norm(width), Linear(ratio * width, width), Linear(width, ratio * width), Draw(width, 0.1, 0.5), best, window);
    }

    public WindowAttention Window(int size, int shift, int heads) => new(size, shift, Draw(heads * (2 * size - 1) * (2 * size - 1), 0.5));

    public PixelInput Input(int channels, int side) => new(channels, side, Draw(channels, 0.001, 0.02), Draw(channels, 0.2, -2));

    /// <summary>A stem and what follows its tokens.</summary>
    public VisionNet Net(PixelInput input, ValueList<ConvLayer> stem, bool classToken, bool positions, ValueList<VisionStage> stages, int classes = 7)
    {
        int first = stem[^1].M, side = input.Side, last = stages[^1].Blocks[0].Proj.M;
        foreach (ConvLayer conv in stem) side = conv.Out(side);
        return new VisionNet(input, stem, classToken ? Draw(first, 0.5) : [], positions ? Draw(first * (side * side + (classToken ? 1 : 0)), 0.5) : [], stages, Norm(last), Linear(classes, last), 1e-6f);
    }

    /// <summary>One stage behind one convolution of a patch each, as DeiT.</summary>
    public VisionNet Deit(ValueList<VisionBlock> blocks, int side = 20, int patch = 4, bool classToken = true)
    {
        int width = blocks[0].Proj.M;
        return Net(Input(3, side), [Conv(width, 3, patch, patch)], classToken, true, [new VisionStage(null, blocks)]);
    }

    /// <summary>Blocks of which every second selects.</summary>
    public VisionNet Selecting(PackageRule rule, bool whole, int side = 20, float threshold = 0, int width = 24, int heads = 3) => Deit(
    [
        Block(width, heads), Block(width, heads, selector: Selector(width, heads, rule, whole, threshold)), Block(width, heads), Block(width, heads, selector: Selector(width, heads, rule, whole, threshold)),
        Block(width, heads, selector: Selector(width, heads, rule, whole, threshold)),
    ], side);

    /// <summary>Every kind that the engine runs, each by its name, with selectors that keep about two thirds of what comes to them.</summary>
    public static IEnumerable<(string Name, VisionNet Net)> All(uint seed)
    {
        foreach ((string name, VisionNet net) in Kinds(seed)) yield return (name, Keeping(net, 0.67, new DrawnNets(1_000 + seed).Pixels(net, 8), 8));
    }

    /// <summary>The same with thresholds at that share of the margins of some images, in the middle between two margins.</summary>
    public static VisionNet Keeping(VisionNet net, double share, byte[] pixels, int images)
    {
        using var workers = new Workers(1);
        int selectors = net.Stages.Sum(stage => stage.Blocks.Count(b => b.Selector is not null));
        for (int i = 0; i < selectors; i++)
        {
            var engine = new VisionEngine(net, workers);
            float[] margins = [.. Enumerable.Range(0, images).SelectMany(image =>
            {
                engine.Run(pixels.AsSpan(image * pixels.Length / images, pixels.Length / images), 1, new float[net.Classes]);
                return engine.Margins(i).ToArray().Where(m => !float.IsNaN(m));
            }).OrderDescending()];
            int last = (int)(share * margins.Length);
            net = With(net, i, margins.Length < 2 ? 0 : (margins[Math.Max(0, last - 1)] + margins[Math.Max(1, last)]) / 2);
        }
        return net;
    }

    private static VisionNet With(VisionNet net, int selector, float threshold)
    {
        int at = 0;
        return net with { Stages = [.. net.Stages.Select(stage => stage with { Blocks = [.. stage.Blocks.Select(b => b.Selector is { } s && at++ == selector ? b with { Selector = s with { Threshold = threshold } } : b)] })] };
    }

    private static IEnumerable<(string Name, VisionNet Net)> Kinds(uint seed)
    {
        var d = new DrawnNets(seed);
        yield return ("plain", d.Deit([d.Block(24, 3), d.Block(24, 3)]));
        yield return ("no class token", d.Deit([d.Block(24, 3), d.Block(24, 3)], classToken: false));
        yield return ("awkward widths", d.Net(d.Input(1, 13), [d.Conv(15, 1, 3, 2)], true, true, [new VisionStage(null, [d.Block(15, 3, attention: 21, ratio: 2), d.Block(15, 1)])], classes: 1));
        yield return ("rows that alias", d.Deit([d.Block(256, 4, ratio: 1), d.Block(256, 4, ratio: 3, selector: d.Selector(256, 4, PackageRule.Running))]));
        foreach (PackageRule rule in Enum.GetValues<PackageRule>())
            foreach (bool whole in new[] { true, false }) yield return ($"selectors, {rule}, {(whole ? "SPViT" : "HeatViT")}", d.Selecting(rule, whole));
        yield return ("selectors one behind the other", d.Deit(
        [
            d.Block(24, 2, selector: d.Selector(24, 2, PackageRule.PerStage)), d.Block(24, 2, selector: d.Selector(24, 2, PackageRule.PerStage)), d.Block(24, 2, selector: d.Selector(24, 3, PackageRule.PerStage, false)),
        ]));
        yield return ("best patches", d.Deit([d.Block(24, 3), d.Block(24, 3, best: new BestPatches(0.7)), d.Block(24, 3), d.Block(24, 3, best: new BestPatches(0.4))]));
        foreach (double links in new[] { 0.1, 0.4, 0.9 })
            yield return ($"links of {links}", d.Deit([d.Block(24, 3, best: new BestPatches(0.9, links)), d.Block(24, 3), d.Block(24, 3, best: new BestPatches(0.7, links)), d.Block(24, 3), d.Block(24, 3, best: new BestPatches(0.6)), d.Block(24, 3)]));
        yield return ("PiT", d.Net(d.Input(3, 27), [d.Conv(12, 3, 5, 2)], true, true,
        [
            new VisionStage(null, [d.Block(12, 2), d.Block(12, 2, selector: d.Selector(12, 2, PackageRule.Running))]),
            new VisionStage(new StageEntry.Pool(d.Conv(24, 12, 3, 2, 1, 12), d.Linear(24, 12)), [d.Block(24, 4, selector: d.Selector(24, 4, PackageRule.Running)), d.Block(24, 4)]),
            new VisionStage(new StageEntry.Pool(d.Conv(24, 24, 2, 2, 0, 24, relu: true), d.Linear(24, 24)), [d.Block(24, 4)]),
        ]));
        yield return ("Swin", d.Net(d.Input(3, 24), [d.Conv(12, 3, 2, 2)], false, false,
        [
            new VisionStage(null, [d.Block(12, 2, window: d.Window(4, 0, 2)), d.Block(12, 2, window: d.Window(4, 2, 2), selector: d.Selector(12, 2, PackageRule.None))]),
            new VisionStage(new StageEntry.Merge(d.Norm(48), d.Linear(24, 48)), [d.Block(24, 3, window: d.Window(3, 0, 3)), d.Block(24, 3, window: d.Window(3, 1, 3))]),
            new VisionStage(new StageEntry.Merge(d.Norm(96), d.Linear(48, 96)), [d.Block(48, 3, window: d.Window(3, 0, 3)), d.Block(48, 3)]),
        ]));
        yield return ("LV-ViT", d.Net(d.Input(3, 32), [d.Conv(8, 3, 7, 2, 3, relu: true), d.Conv(8, 8, 3, 1, 1, relu: true), d.Conv(10, 8, 3, 1, 1, 2), d.Conv(10, 10, 3, 1, 1, 10), d.Conv(18, 10, 4, 4)], true, true,
            [new VisionStage(null, [d.Block(18, 3), d.Block(18, 3, selector: d.Selector(18, 3, PackageRule.PerStage))])]));
        foreach (int count in new[] { 1, 11, 25 }) yield return ($"{count} patches of most variance", d.Deit([d.Block(24, 3), d.Block(24, 3)]) with { Choice = new PatchChoice.ByVariance(count) });
        VisionNet chooser = d.Deit([d.Block(12, 3, best: new BestPatches(0.8, 0.5)), d.Block(12, 2), d.Block(12, 3, best: new BestPatches(0.6))]), selects = d.Selecting(PackageRule.Running, true);
        yield return ("chosen by another", selects with { Choice = new PatchChoice.BySelector(chooser) });
        yield return ("chosen by another, no class token", d.Deit([d.Block(24, 3)], classToken: false) with { Choice = new PatchChoice.BySelector(chooser with { StemNorm = d.Norm(12) }) });
        yield return ("normed stem", d.Deit([d.Block(24, 3)]) with { StemNorm = d.Norm(24) });
        yield return ("normed stem without positions", d.Deit([d.Block(24, 3)], classToken: false) with { StemNorm = d.Norm(24), Positions = [] });
        yield return ("one patch", d.Deit([d.Block(24, 3), d.Block(24, 3, selector: d.Selector(24, 3, PackageRule.Merged)), d.Block(24, 3)], side: 4));
    }
}
