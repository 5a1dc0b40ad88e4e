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
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(" ", distances));
        Assert.InRange(distances.Count(distance => distance <= 1e-4f), 9, 12);   // float sums in another order may fall on the other side of a tie
        Assert.All(distances, distance => Assert.InRange(distance, 0, 0.2f));
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
