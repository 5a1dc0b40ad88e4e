using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Export;

public class VitOnnxTests
{
    [Theory]
    [InlineData(1, 1, 8, 4, 32, 2, 2)]
    [InlineData(2, 3, 12, 4, 48, 1, 3)]
    [InlineData(3, 1, 7, 7, 16, 3, 1)]
    public void AFloatModelRunsLikeTheReference(ulong seed, int channels, int size, int patch, int embed, int depth, int heads)
    {
        VitModel model = RandomVit.Model(seed, false, channels, size, patch, embed, depth, heads);
        float[] distances = Distances(model, RandomVit.Images(seed, 5, channels, size));
        Assert.All(distances, distance => Assert.InRange(distance, 0, 1e-4f));
    }

    [Theory]
    [InlineData(4, 1, 8, 4, 32, 2, 2)]
    [InlineData(5, 3, 12, 4, 48, 2, 3)]
    [InlineData(6, 1, 28, 4, 32, 4, 2)]
    public void AQuantisedModelRunsLikeTheReferenceButForRoundingTies(ulong seed, int channels, int size, int patch, int embed, int depth, int heads)
    {
        VitModel model = RandomVit.Model(seed, true, channels, size, patch, embed, depth, heads);
        float[] distances = Distances(model, RandomVit.Images(seed, 12, channels, size));
        Assert.InRange(distances.Count(distance => distance <= 1e-4f), 9, 12);   // float sums in another order may fall on the other side of a tie
        Assert.All(distances, distance => Assert.InRange(distance, 0, 0.2f));
    }

    [Fact]
    public void EveryQuantiserTakesPartInTheAnswer()
    {
        VitModel model = RandomVit.Model(7);
        ImageSet images = RandomVit.Images(7, 3);
        float[] all = VitReference.Logits(model, images.Pixels, 3);
        VitBlock block = model.Blocks[0];
        VitBlock[] changed =
        [
            block with { Q = null }, block with { K = null }, block with { V = null }, block with { P = null }, block with { Qkv = block.Qkv with { In = null } },
            block with { Proj = block.Proj with { In = null } }, block with { Fc1 = block.Fc1 with { In = null } }, block with { Fc2 = block.Fc2 with { In = null } },
        ];
        VitModel[] others =
        [
            .. changed.Select(other => model with { Blocks = [other, model.Blocks[1]] }),
            model with { PatchEmbed = model.PatchEmbed with { In = null } }, model with { Head = model.Head with { In = null } },
        ];
        foreach (VitModel other in others)
        {
            Assert.NotEqual(all, VitReference.Logits(other, images.Pixels, 3));
            Assert.InRange(Distances(other, images).Min(), 0, 1e-4f);
        }
    }

    [Fact]
    public void TheBatchDoesNotChangeTheAnswer()
    {
        VitModel model = RandomVit.Model(8);
        ImageSet images = RandomVit.Images(8, 70);
        using var runner = new ModelRunner(VitOnnx.Write(model), threads: 2);
        float[] together = runner.Logits(images), last = runner.Logits(images.Select([69]));
        for (int i = 0; i < 10; i++) Assert.Equal(together[69 * 10 + i], last[i], 1e-4f);
        Assert.Empty(runner.Logits(images.Select([])));
    }

    [Fact]
    public void TheSameModelGivesTheSameBytes() => Assert.Equal(VitOnnx.Write(RandomVit.Model(9)), VitOnnx.Write(RandomVit.Model(9)));

    [Fact]
    public void WeightsReadBackGiveTheSameNetwork()
    {
        VitModel model = RandomVit.Model(10, channels: 3);
        byte[] file = VitWeights.Write(model);
        VitModel back = VitWeights.Read(file);
        ImageSet images = RandomVit.Images(10, 2, channels: 3);
        Assert.Equal(VitReference.Logits(model, images.Pixels, 2), VitReference.Logits(back, images.Pixels, 2));
        Assert.Equal(file, VitWeights.Write(back));
        Assert.Throws<HoneException>(() => VitWeights.Read(SafeTensorsWriter.Write([SafeTensor.Of("a", [1f])])));
    }

    [Theory]
    [InlineData(0.5f, 0f)]
    [InlineData(1.5f, 2f)]
    [InlineData(-2.5f, -2f)]
    [InlineData(31.4f, 31f)]
    [InlineData(32f, 31f)]
    [InlineData(-40f, -32f)]
    public void AQuantiserRoundsTiesToEvenAndClips(float x, float expected)
    {
        Assert.Equal(expected, new ActivationQuant(1, 6, true).Apply(x));
        Assert.Equal(Math.Clamp(MathF.Round(x), 0, 63), new ActivationQuant(1, 6, false).Apply(x));
    }

    [Fact]
    public void AModelThatContradictsItselfIsNamed()
    {
        VitModel model = RandomVit.Model(11);
        QuantizedLinear head = model.Head;
        byte[] bits = [.. head.RowBits];
        Array.Fill(bits, (byte)2);
        Assert.Contains("'head'", Assert.Throws<ArgumentException>(() => VitOnnx.Write(model with { Head = head with { RowBits = bits } })).Message);
        Assert.Throws<ArgumentException>(() => VitOnnx.Write(model with { Cls = [1] }));
        Assert.Throws<ArgumentException>(() => VitOnnx.Write(model with { Patch = 3 }));
        Assert.Throws<ArgumentException>(() => VitOnnx.Write(model with { Head = head with { Name = "patch" } }));
        Assert.Throws<ArgumentException>(() => VitOnnx.Write(model with { Head = head with { In = new ActivationQuant(0, 8, true) } }));
    }

    /// <summary>The largest logit difference per image.</summary>
    private static float[] Distances(VitModel model, ImageSet images)
    {
        using var runner = new ModelRunner(VitOnnx.Write(model));
        float[] exported = runner.Logits(images), reference = VitReference.Logits(model, images.Pixels, images.Count);
        return [.. Enumerable.Range(0, images.Count).Select(n =>
            Enumerable.Range(n * 10, 10).Max(i => Math.Abs(exported[i] - reference[i])))];
    }
}
