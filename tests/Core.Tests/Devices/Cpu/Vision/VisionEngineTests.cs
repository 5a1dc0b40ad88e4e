using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Vision;

public class VisionEngineTests
{
    private const double Bound = 1e-4;   // of the largest logit, at least of 1

    [Fact]
    public void EveryKindOfNetworkMeansWhatTheReferenceSays()
    {
        foreach (uint seed in new uint[] { 1, 2, 3 })
            foreach ((string name, VisionNet net) in DrawnNets.All(seed))
                CheckAgainstReference($"{name}, seed {seed}", net, new DrawnNets(100 + seed).Pixels(net, 3), 3);
    }

    [Fact]
    public void AnyNumberOfWorkersGivesTheSameBits()
    {
        foreach ((string name, VisionNet net) in DrawnNets.All(4))
        {
            byte[] pixels = new DrawnNets(5).Pixels(net, 5);
            float[]? first = null;
            foreach (int count in new[] { 1, 2, 3 })
            {
                using var workers = new Workers(count);
                float[] logits = Run(new VisionEngine(net, workers, 5), pixels, 5);
                Assert.True((first ??= logits).AsSpan().SequenceEqual(logits), $"{name} with {count} workers");
            }
        }
    }

    [Fact]
    public void ABatchGivesWhatItsImagesGiveAlone()
    {
        using var workers = new Workers(2);
        foreach ((string name, VisionNet net) in DrawnNets.All(6))
        {
            const int images = 7;
            byte[] pixels = new DrawnNets(7).Pixels(net, images);
            var alone = new VisionEngine(net, workers);
            var batch = new VisionEngine(net, workers, images + 2);
            float[] all = Run(batch, pixels, images);
            for (int i = 0; i < images; i++)
            {
                float[] one = Run(alone, pixels[(pixels.Length / images * i)..(pixels.Length / images * (i + 1))], 1);
                Near(one, all.AsSpan(i * net.Classes, net.Classes), $"{name}, image {i}");
                for (int block = 0; block < net.Stages.Sum(s => s.Blocks.Count); block++) Assert.Equal(alone.Tokens(0, block), batch.Tokens(i, block));
            }
        }
    }

    [Fact]
    public void ManyImagesGoThroughInGroups()
    {
        using var workers = new Workers(2);
        var drawn = new DrawnNets(8);
        const int images = 60;   // 3,000 rows
        VisionNet net = drawn.Selecting(PackageRule.Merged, true, side: 28);
        net = DrawnNets.Keeping(net, 0.7, drawn.Pixels(net, 8), 8);
        byte[] pixels = drawn.Pixels(net, images);
        float[] all = Run(new VisionEngine(net, workers, images), pixels, images);
        var alone = new VisionEngine(net, workers);
        for (int i = 0; i < images; i++) Near(Run(alone, pixels.AsSpan(pixels.Length / images * i, pixels.Length / images), 1), all.AsSpan(i * net.Classes, net.Classes), $"image {i}");
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.PositiveInfinity)]
    public void AllTokensMayGoOnOrNone(float threshold)
    {
        foreach (PackageRule rule in new[] { PackageRule.Running, PackageRule.PerStage, PackageRule.Merged })
        {
            var drawn = new DrawnNets(9);
            VisionNet net = drawn.Selecting(rule, false, threshold: threshold);
            CheckAgainstReference($"{rule}, {threshold}", net, drawn.Pixels(net, 2), 2);
        }
    }

    [Fact]
    public void WithoutPackagesOnlyTheClassTokenMayBeLeft()
    {
        using var workers = new Workers(2);
        var drawn = new DrawnNets(10);
        VisionNet net = drawn.Selecting(PackageRule.None, true, threshold: float.PositiveInfinity);
        var engine = new VisionEngine(net, workers, 2);
        float[] logits = Run(engine, drawn.Pixels(net, 2), 2);
        Assert.All(logits, v => Assert.True(float.IsFinite(v)));
        Assert.Equal([25 + 1, 1, 1, 1, 1], Enumerable.Range(0, 5).Select(block => engine.Tokens(1, block)));
        Assert.Empty(engine.Kept(0, 0).ToArray());
    }

    [Fact]
    public void AnImageThatLosesAllItsTokensGetsTheBiasOfTheHead()
    {
        using var workers = new Workers(2);
        var drawn = new DrawnNets(11);
        VisionNet net = drawn.Deit([drawn.Block(24, 2, selector: drawn.Selector(24, 2, PackageRule.None, threshold: float.PositiveInfinity)), drawn.Block(24, 2)], classToken: false);
        float[] logits = Run(new VisionEngine(net, workers, 2), drawn.Pixels(net, 2), 2);
        Assert.Equal([.. net.Head.Bias, .. net.Head.Bias], logits);
    }

    [Fact]
    public void TokensOfOneBatchDifferInNumber()
    {
        using var workers = new Workers(1);
        var drawn = new DrawnNets(12);
        VisionNet net = drawn.Selecting(PackageRule.Running, true);
        net = DrawnNets.Keeping(net, 0.7, drawn.Pixels(net, 8), 8);
        var engine = new VisionEngine(net, workers, 16);
        Run(engine, drawn.Pixels(net, 16), 16);
        int[] counts = [.. Enumerable.Range(0, 16).Select(image => engine.Tokens(image, 1))];
        Assert.True(counts.Distinct().Count() > 3, string.Join(' ', counts));
        Assert.All(counts, count => Assert.InRange(count, 2, 26));
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        using var workers = new Workers(1);
        foreach ((string name, VisionNet net) in DrawnNets.All(13))
        {
            byte[] pixels = new DrawnNets(14).Pixels(net, 3);
            float[] logits = new float[3 * net.Classes];
            var engine = new VisionEngine(net, workers, 3);
            long least = long.MaxValue;                                        // of runs: the runtime itself may allocate once, when a method or a static is first needed
            for (int i = 0; i < 6; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                engine.Run(pixels, 3, logits);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            Assert.True(least == 0, $"{name}: {least} bytes");
        }
    }

    [Fact]
    public void FewerImagesThanThereIsRoomForLeaveNothingBehind()
    {
        using var workers = new Workers(2);
        foreach ((string name, VisionNet net) in DrawnNets.All(15))
        {
            byte[] pixels = new DrawnNets(16).Pixels(net, 6);
            var engine = new VisionEngine(net, workers, 6);
            float[] first = Run(engine, pixels.AsSpan(0, pixels.Length / 3), 2);
            Run(engine, pixels, 6);
            Assert.True(first.AsSpan().SequenceEqual(Run(engine, pixels.AsSpan(0, pixels.Length / 3), 2)), name);
        }
    }

    [Fact]
    public void MultiplicationsAreThoseOfTheTokensThatRan()
    {
        using var workers = new Workers(1);
        var drawn = new DrawnNets(17);
        VisionNet net = drawn.Deit([drawn.Block(24, 3, best: new BestPatches(0.5)), drawn.Block(24, 3)], side: 20);
        var engine = new VisionEngine(net, workers, 2);
        Run(engine, drawn.Pixels(net, 2), 2);
        const long width = 24, patches = 25, all = patches + 1, kept = 13 + 1, attention = 4 * width * width, mlp = 6 * width * width;
        long expected = (patches * width * 3 * 4 * 4) + (all * attention) + (2 * all * all * width) + (kept * mlp) + (kept * (attention + mlp)) + (2 * kept * kept * width) + (7 * width);
        Assert.Equal(2 * expected, engine.Macs);
    }

    private static void CheckAgainstReference(string name, VisionNet net, byte[] pixels, int images)
    {
        using var workers = new Workers(2);
        var engine = new VisionEngine(net, workers, images);
        float[] logits = Run(engine, pixels, images);
        for (int i = 0; i < images; i++)
        {
            VisionAnswer expected = VisionReference.Run(net, pixels.AsSpan(pixels.Length / images * i, pixels.Length / images));
            Assert.True(expected.Tokens.SequenceEqual(Enumerable.Range(0, expected.Tokens.Count).Select(block => engine.Tokens(i, block))), $"{name}, image {i}: other tokens");
            for (int selector = 0; selector < expected.Kept.Count; selector++) Assert.True(engine.Kept(i, selector).SequenceEqual(expected.Kept[selector].Span), $"{name}, image {i}, selector {selector}: other patches");
            Near(expected.Logits, logits.AsSpan(i * net.Classes, net.Classes), $"{name}, image {i}");
        }
    }

    private static float[] Run(VisionEngine engine, ReadOnlySpan<byte> pixels, int images)
    {
        float[] logits = new float[images * engine.Classes + 2 * Sample.Canaries];
        Array.Fill(logits, Sample.Canary);
        engine.Run(pixels, images, logits.AsSpan(Sample.Canaries, images * engine.Classes));
        Assert.All(logits[..Sample.Canaries].Concat(logits[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
        return logits[Sample.Canaries..^Sample.Canaries];
    }

    private static void Near(float[] expected, ReadOnlySpan<float> actual, string what)
    {
        double bound = Bound * Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= bound, $"{what} at {i}: expected {expected[i]} within {bound}, got {actual[i]}");
    }
}
