using Hone.Model;

namespace Hone.Core.Tests.Export;

/// <summary>Small vision transformers in floats with random weights, one for each family that the records describe.</summary>
internal sealed class RandomVision(ulong seed)
{
    public const int Classes = 5;

    private readonly Chance _chance = new(seed, Streams.Weights);

    /// <summary>4 x 4 patches of an 8 x 8 image, a class token, selectors in the last blocks.</summary>
    /// <param name="selector">Makes the selector of a name, as <see cref="Selector"/> does.</param>
    /// <param name="best">For every second block.</param>
    public static VisionNet Deit(
        ulong seed, int depth = 4, int width = 24, int heads = 3, bool classToken = true, Func<RandomVision, string, TokenSelector>? selector = null, int selectors = 3, BestPatches? best = null)
    {
        var random = new RandomVision(seed);
        VisionBlock[] blocks = [.. Enumerable.Range(0, depth).Select(i => random.Block($"block{i}", width, heads) with
        {
            Selector = selector is not null && i >= depth - selectors ? selector(random, $"block{i}.selector") : null,
            Best = i % 2 == 1 ? best : null,
        })];
        return random.Net([random.Conv("patch", width, 1, 2, 2)], classToken, 4, new VisionStage(null, [.. blocks]));
    }

    /// <summary>An overlapping stem of 7 x 7 tokens, then 4 x 4, then 2 x 2 of a deeper one.</summary>
    public static VisionNet Pit(ulong seed, bool classToken = true, Func<RandomVision, string, TokenSelector>? selector = null)
    {
        var random = new RandomVision(seed);
        VisionStage Stage(int s, int width) => new(
            s == 0 ? null : new StageEntry.Pool(random.Conv($"pool{s}.patches", width, width / 2, 3, 2, 1, width / 2), random.Linear($"pool{s}.cls", width, width / 2)),
            [.. Enumerable.Range(0, 2).Select(b => random.Block($"s{s}.b{b}", width, 2 << s) with { Selector = b == 0 ? selector?.Invoke(random, $"s{s}.selector") : null })]);
        return random.Net([random.Conv("patch", 16, 3, 4, 2)], classToken, 7, Stage(0, 16), Stage(1, 32), Stage(2, 64));
    }

    /// <summary>Windows of 4 x 4 on a grid of 8 x 8, shifted in every second block, merged to a grid of 4 x 4 with one window. No class token.</summary>
    public static VisionNet Swin(ulong seed, Func<RandomVision, string, TokenSelector>? selector = null)
    {
        var random = new RandomVision(seed);
        VisionBlock Block(int s, int b, int width, int shift) => random.Block($"s{s}.b{b}", width, 2 << s) with
        {
            Window = new WindowAttention(4, shift, random.Values((2 << s) * 49, 0.5)), Selector = selector is not null && b == 1 ? selector(random, $"s{s}.selector") : null,
        };
        VisionNet net = random.Net([random.Conv("patch", 16, 1, 2, 2)], false, 8,
            new VisionStage(null, [Block(0, 0, 16, 0), Block(0, 1, 16, 2), Block(0, 2, 16, 0)]),
            new VisionStage(new StageEntry.Merge(random.Norm(64), random.Linear("merge", 32, 64)), [Block(1, 0, 32, 0), Block(1, 1, 32, 1)]));
        return net with { StemNorm = random.Norm(16) };
    }

    /// <summary>Three convolutions with ReLU before the patches are cut, and branches halved.</summary>
    public static VisionNet LvVit(ulong seed, Func<RandomVision, string, TokenSelector>? selector = null)
    {
        VisionNet net = Deit(seed, 3, 24, 3, true, selector, 2);
        var random = new RandomVision(seed + 1000);
        VisionBlock Halved(VisionBlock block) => block with { Scale1 = [.. Enumerable.Repeat(0.5f, 24)], Scale2 = [.. Enumerable.Repeat(0.5f, 24)] };
        return net with
        {
            Stem = [random.Conv("stem0", 8, 1, 3, 2, 1, relu: true), random.Conv("stem1", 8, 8, 3, 1, 1, relu: true), random.Conv("patch", 24, 8, 1, 1)],
            Stages = [new VisionStage(null, [.. net.Stages[0].Blocks.Select(Halved)])],
        };
    }

    /// <summary>Images whose brightness and contrast differ, so that no two are chosen from alike.</summary>
    public static ImageSet Images(ulong seed, int count, VisionNet net)
    {
        var chance = new Chance(seed, Streams.Sampling);
        int stride = net.Input.Channels * net.Input.Side * net.Input.Side;
        byte[] pixels = new byte[count * stride], labels = new byte[count];
        for (int n = 0; n < count; n++)
        {
            int low = chance.Next(200), high = low + 1 + chance.Next(256 - low - 1);
            for (int i = 0; i < stride; i++) pixels[n * stride + i] = (byte)(low + chance.Next(high - low));
            labels[n] = (byte)chance.Next(Classes);
        }
        return new ImageSet(pixels, labels, net.Input.Channels, net.Input.Side, net.Input.Side, Classes);
    }

    /// <param name="separate">Whether global features have outputs of their own.</param>
    public TokenSelector Selector(string name, int width, int heads, PackageRule package, bool separate, bool logarithms, bool norm = true)
    {
        int d = width / heads, half = d / 2;
        return new TokenSelector(
            heads, norm ? Norm(d) : null, Linear($"{name}.embed", separate ? d : half, d),
            Linear($"{name}.fc1", half, d), Linear($"{name}.fc2", half / 2, half, 3), Linear($"{name}.fc3", 2, half / 2, 3),
            Linear($"{name}.head1", 2 * heads, heads), Linear($"{name}.head2", heads, 2 * heads, 3), logarithms, 0, package);
    }

    public VisionBlock Block(string name, int width, int heads) => new(
        null, Norm(width), Linear($"{name}.qkv", 3 * width, width, 2), heads, Linear($"{name}.proj", width, width), Values(width, 0.2, 0.6),
        Norm(width), Linear($"{name}.fc1", 2 * width, width), Linear($"{name}.fc2", width, 2 * width), Values(width, 0.2, 0.6));

    public VisionNet Net(ConvLayer[] stem, bool classToken, int grid, params VisionStage[] stages)
    {
        int first = stem[^1].M, last = stages[^1].Blocks[0].Proj.M, channels = stem[0].Inputs, side = (grid - 1) * stem[0].Stride + stem[0].Kernel;
        return new VisionNet(
            new PixelInput(channels, side, Values(channels, 0.001, 1 / 75.0), Values(channels, 0.1, -1.7)), [.. stem], classToken ? Values(first, 1) : [],
            Values((grid * grid + (classToken ? 1 : 0)) * first, 0.3), [.. stages], Norm(last), Linear("head", Classes, last, 2), 1e-6f);
    }

    public ConvLayer Conv(string name, int m, int inputs, int kernel, int stride, int padding = 0, int groups = 1, bool relu = false) => new(
        name, m, inputs, kernel, stride, padding, groups, Values(m * inputs / groups * kernel * kernel, 1 / Math.Sqrt((double)inputs / groups * kernel * kernel)), Values(m, 0.1), relu);

    public LinearLayer Linear(string name, int m, int k, double gain = 1) => new(name, m, k, Values(m * k, gain / Math.Sqrt(k)), Values(m, 0.1));

    public NormLayer Norm(int width) => new(Values(width, 0.1, 1), Values(width, 0.1));

    public float[] Values(int count, double spread, double mean = 0)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)(mean + spread * _chance.NextGaussian());
        return values;
    }
}
