using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;

namespace Hone.Silo.Bench;

/// <summary>Vision transformers of given sizes with drawn weights.</summary>
/// <param name="Blocks">Of them those of <paramref name="Pruning"/> may have a selector or keep the best patches.</param>
internal sealed record DrawnVision(string Name, int Channels, int Side, int Patch, int Width, int Heads, int Blocks, int Classes, ValueList<int> Pruning)
{
    private const int Ratio = 4, Sample = 8;   // MLP; images whose margins thresholds are taken from

    /// <summary>DeiT-T (arXiv 2012.12877).</summary>
    public static DrawnVision DeitTiny { get; } = new("DeiT-T-shaped", 3, 224, 16, 192, 3, 12, 1000, [3, 6, 9]);

    /// <summary>28 x 28 pixels, 49 patches.</summary>
    public static DrawnVision Small { get; } = new("28 x 28, width 64", 1, 28, 4, 64, 4, 8, 10, [2, 4, 6]);

    /// <summary>The same network for one patch.</summary>
    public DrawnVision OnePatch => this with { Side = Patch };

    public byte[] Pixels(int images, uint seed = 2)
    {
        var chance = new Chance(1, Streams.Sampling, seed);
        byte[] pixels = new byte[images * Channels * Side * Side];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)chance.Next(256);
        return pixels;
    }

    /// <summary>Every token in every block, or the best of them where it is said how many.</summary>
    public VisionNet Dense(BestPatches? best = null) => Net(null, best);

    /// <summary>A selector in each pruning block, whose threshold keeps that share of the patches that come to it, of some drawn images.</summary>
    /// <param name="shares">Of all patches, one for each pruning block.</param>
    public VisionNet Pruned(params ReadOnlySpan<double> shares)
    {
        float[] thresholds = new float[shares.Length];
        Array.Fill(thresholds, float.NegativeInfinity);
        using var workers = new Workers(1);
        byte[] pixels = Pixels(Sample, seed: 3);
        for (int i = 0; i < shares.Length; i++)
        {
            var engine = new VisionEngine(Net(thresholds, null), workers);
            List<float> margins = [];
            for (int image = 0; image < Sample; image++)
            {
                engine.Run(pixels.AsSpan(image * pixels.Length / Sample, pixels.Length / Sample), 1, new float[Classes]);
                margins.AddRange(engine.Margins(i).ToArray().Where(m => !float.IsNaN(m)));
            }
            margins.Sort();
            double share = shares[i] / (i == 0 ? 1 : shares[i - 1]);
            thresholds[i] = margins[Math.Clamp((int)((1 - share) * margins.Count), 0, margins.Count - 1)];
        }
        return Net(thresholds, null);
    }

    private VisionNet Net(float[]? thresholds, BestPatches? best)
    {
        var chance = new Chance(1, Streams.Weights);
        int grid = Side / Patch, names = 0;
        ConvLayer stem = new("stem", Width, Channels, Patch, Patch, 0, 1, Draw(Width * Channels * Patch * Patch, 1 / Math.Sqrt(Channels * Patch * Patch)), Draw(Width, 0.1));
        float[] classToken = Draw(Width, 1), positions = Draw(Width * (grid * grid + 1), 0.5);
        VisionBlock[] blocks = new VisionBlock[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            int pruning = Pruning.ToList().IndexOf(i);
            blocks[i] = new VisionBlock(null, Norm(Width), Linear(3 * Width, Width), Heads, Linear(Width, Width), Ones(), Norm(Width), Linear(Ratio * Width, Width), Linear(Width, Ratio * Width), Ones());
            TokenSelector selector = Selector(thresholds?[Math.Max(0, pruning)] ?? 0);   // drawn whether it is used or not, so that all networks have the same weights
            if (pruning >= 0) blocks[i] = blocks[i] with { Selector = thresholds is null ? null : selector, Best = best };
        }
        return new VisionNet(new PixelInput(Channels, Side, [.. Enumerable.Repeat(1 / 64f, Channels)], [.. Enumerable.Repeat(-2f, Channels)]), [stem], classToken, positions, [new VisionStage(null, [.. blocks])], Norm(Width),
            Linear(Classes, Width), 1e-6f);

        TokenSelector Selector(float threshold)
        {
            int slice = Width / Heads, hidden = Heads / 2;
            return new TokenSelector(Heads, Norm(slice), Linear(slice, slice), Linear(slice / 2, slice), Linear(slice / 4, slice / 2), Linear(2, slice / 4), Linear(hidden, Heads), Linear(Heads, hidden), true, threshold, PackageRule.Running);
        }

        float[] Draw(int count, double deviation, double centre = 0) => [.. Enumerable.Range(0, count).Select(_ => (float)(centre + deviation * chance.NextGaussian()))];

        float[] Ones() => [.. Enumerable.Repeat(1f, Width)];

        NormLayer Norm(int width) => new(Draw(width, 0.1, 1), Draw(width, 0.1));

        LinearLayer Linear(int outputs, int inputs) => new($"l{names++}", outputs, inputs, Draw(outputs * inputs, 1 / Math.Sqrt(inputs)), Draw(outputs, 0.1));
    }
}
