using Hone.Core.Tests.Export;
using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Model;

/// <summary>The judge is judged where there is something to judge it by that does not share its code.</summary>
public class VisionReferenceTests
{
    [Fact]
    public void WithoutSelectorsItIsTheReferenceOfAVisionTransformer()
    {
        VitModel vit = RandomVit.Model(1, quantised: false, channels: 3, imageSize: 12, embed: 48, depth: 3, heads: 3);
        VisionNet net = Of(vit);
        ImageSet images = RandomVit.Images(1, 5, channels: 3, size: 12);
        for (int n = 0; n < images.Count; n++)
        {
            ReadOnlySpan<byte> pixels = images.Pixels.AsSpan(n * images.Stride, images.Stride);
            float[] expected = VitReference.Logits(vit, pixels), came = VisionReference.Run(net, pixels).Logits;
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], came[i], 1e-4f);   // the other one rounds to float between layers
        }
    }

    [Theory]
    [InlineData(PackageRule.None)]
    [InlineData(PackageRule.Running)]
    [InlineData(PackageRule.PerStage)]
    [InlineData(PackageRule.Merged)]
    public void ASelectorThatDropsNothingChangesNothing(PackageRule rule)
    {
        VisionNet net = RandomVision.Deit(2, selector: (random, name) => random.Selector(name, 24, 3, rule, true, true)).WithThreshold(float.NegativeInfinity);
        VisionNet without = net with { Stages = [new VisionStage(null, [.. net.Stages[0].Blocks.Select(b => b with { Selector = null })])] };
        ImageSet images = RandomVision.Images(2, 3, net);
        VisionAnswer[] chosen = net.Answers(images), plain = without.Answers(images);
        for (int n = 0; n < images.Count; n++)
        {
            Assert.Equal(plain[n].Logits, chosen[n].Logits);
            Assert.Equal(plain[n].Tokens, chosen[n].Tokens);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GatheringIsMasking(bool classToken)
    {
        VisionNet net = RandomVision.Deit(3, classToken: classToken, selector: (random, name) => random.Selector(name, 24, 3, PackageRule.None, true, false));
        ImageSet images = RandomVision.Images(3, 6, net);
        net = net.WhereSomeGoOn(images, 0.6);
        for (int n = 0; n < images.Count; n++)
        {
            byte[] pixels = images.Pixels[(n * images.Stride)..((n + 1) * images.Stride)];
            VisionAnswer answer = VisionReference.Run(net, pixels);
            float[] masked = MaskedVision.Logits(net, pixels, answer.Kept);
            for (int i = 0; i < net.Classes; i++) Assert.Equal(masked[i], answer.Logits[i], 1e-5f);
        }
    }

    [Fact]
    public void OneWindowWithoutBiasSeesEverything()
    {
        VisionNet plain = RandomVision.Deit(4, classToken: false);
        VisionNet windowed = plain with { Stages = [new VisionStage(null, [.. plain.Stages[0].Blocks.Select(b => b with { Window = new WindowAttention(4, 0, new float[3 * 49]) })])] };
        ImageSet images = RandomVision.Images(4, 3, plain);
        Assert.Equal(plain.Answers(images).Select(answer => answer.Logits), windowed.Answers(images).Select(answer => answer.Logits));
    }

    [Fact]
    public void AWindowSeesNothingOutsideAndAShiftMovesItsEdges()
    {
        VisionNet net = RandomVision.Swin(5);
        VisionBlock block = net.Stages[0].Blocks[0];
        VisionNet One(int shift) => net with
        {
            Stages = [new VisionStage(null, [block with { Window = block.Window! with { Shift = shift } }])],
            Norm = new NormLayer(Ones(16), new float[16]),
            Head = new RandomVision(5).Linear("head", 5, 16, 10),
        };
        Assert.Equal([0, 1, 2, 3], SeenRows(One(0), 3));
        Assert.Equal([4, 5, 6, 7], SeenRows(One(0), 4));
        Assert.Equal([2, 3, 4, 5], SeenRows(One(2), 3));
        Assert.Equal([0, 1], SeenRows(One(2), 1));       // rolled into a window with rows 6 and 7, which it does not see
        Assert.Equal([6, 7], SeenRows(One(2), 6));
    }

    [Fact]
    public void AllOfTheBestPatchesAreAllPatches()
    {
        VisionNet plain = RandomVision.Deit(6), all = RandomVision.Deit(6, best: new BestPatches(1));
        ImageSet images = RandomVision.Images(6, 3, plain);
        Assert.Equal(plain.Answers(images).Select(answer => answer.Logits), all.Answers(images).Select(answer => answer.Logits));
        Assert.Equal([17, 1 + 8, 1 + 8, 1 + 4], RandomVision.Deit(6, best: new BestPatches(0.5)).Answers(images)[0].Tokens);
    }

    [Fact]
    public void AnEntryOfOneToOneIsNone()
    {
        VisionNet net = RandomVision.Deit(7);
        float[] identity = new float[24 * 24];
        for (int i = 0; i < 24; i++) identity[i * 25] = 1;
        var pool = new StageEntry.Pool(new ConvLayer("pool", 24, 24, 1, 1, 0, 24, Ones(24), new float[24]), new LinearLayer("pool.cls", 24, 24, identity, new float[24]));
        VisionNet staged = net with { Stages = [new VisionStage(null, [.. net.Stages[0].Blocks.Take(2)]), new VisionStage(pool, [.. net.Stages[0].Blocks.Skip(2)])] };
        ImageSet images = RandomVision.Images(7, 3, net);
        Assert.Equal(net.Answers(images).Select(answer => answer.Logits), staged.Answers(images).Select(answer => answer.Logits));
    }

    [Fact]
    public void AllDroppedLeavesTheClassTokenOrTheHeadsBias()
    {
        VisionNet net = RandomVision.Deit(8, classToken: false, selector: (random, name) => random.Selector(name, 24, 3, PackageRule.None, true, true)).WithThreshold(float.PositiveInfinity);
        VisionAnswer answer = VisionReference.Run(net, new byte[64]);
        Assert.Equal(net.Head.Bias, answer.Logits);
        Assert.Equal([16, 0, 0, 0], answer.Tokens);
        net = RandomVision.Deit(8, selector: (random, name) => random.Selector(name, 24, 3, PackageRule.None, true, true)).WithThreshold(float.PositiveInfinity);
        Assert.Equal([17, 1, 1, 1], VisionReference.Run(net, new byte[64]).Tokens);
    }

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    /// <summary>Rows of patches that some token's output depends on together with a given one: f(a, b) - f(a, -) - f(-, b) + f(-, -) is not 0.</summary>
    private static int[] SeenRows(VisionNet net, int row)
    {
        float[] Logits(params int[] moved)
        {
            byte[] pixels = [.. Enumerable.Repeat((byte)128, 256)];
            foreach (int r in moved)
                for (int i = 0; i < 32; i++) pixels[r * 32 + i] = (byte)(i * 7);
            return VisionReference.Run(net, pixels).Logits;
        }
        float[] none = Logits(), one = Logits(row);
        return [.. Enumerable.Range(0, 8).Where(other =>
        {
            float[] both = Logits(row, other), alone = Logits(other);
            return other == row || Enumerable.Range(0, none.Length).Max(i => Math.Abs(both[i] - one[i] - alone[i] + none[i])) > 1e-5f;
        })];
    }

    /// <summary>The same network with floats for codes times scales.</summary>
    private static VisionNet Of(VitModel vit)
    {
        LinearLayer Linear(QuantizedLinear l) => new(l.Name, l.M, l.K, [.. l.Codes.Select((code, i) => code * l.RowScales[i / l.K])], l.Bias);
        NormLayer Norm(LayerNorm norm) => new(norm.Gamma, norm.Beta);
        VisionBlock Block(VitBlock b) => new(null, Norm(b.Norm1), Linear(b.Qkv), b.Heads, Linear(b.Proj), b.Scale1, Norm(b.Norm2), Linear(b.Fc1), Linear(b.Fc2), b.Scale2);
        LinearLayer patch = Linear(vit.PatchEmbed);
        return new VisionNet(
            new PixelInput(vit.Channels, vit.ImageSize, vit.PixelScale, vit.PixelOffset), [new ConvLayer(patch.Name, patch.M, vit.Channels, vit.Patch, vit.Patch, 0, 1, patch.Weights, patch.Bias)],
            vit.Cls, vit.Positions,
            [new VisionStage(null, [.. vit.Blocks.Select(Block)])], Norm(vit.Norm), Linear(vit.Head), vit.Epsilon);
    }
}
