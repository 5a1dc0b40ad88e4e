using Hone.Benchmarks.QuasarVit;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.Tests;

public class FrontQualityTests
{
    private static readonly Scored[] Front = [new(0.10, 300, 70), new(0.15, 320, 68), new(0.18, 400, 80)];

    [Fact]
    public void TheAreaIsThatOfTheMembersThatTheSearchImagesPrefer() =>
        // 0.10..0.15 at 70, 0.15..0.18 at 68 (preferred though worse on other images), 0.18..0.20 at 80, above 60, over 0.20 - 0.08
        Assert.Equal((0.05 * 10 + 0.03 * 8 + 0.02 * 20) / 0.12, FrontQuality.Points(Front, 60, 0.08, 0.20), 1e-9);

    [Fact]
    public void WhatLiesBelowTheReferenceOrBeyondTheLimitAddsNothing()
    {
        Assert.Equal(0, FrontQuality.Points(Front, 90, 0.08, 0.20));
        Assert.Equal(FrontQuality.Points(Front, 60, 0.08, 0.20), FrontQuality.Points([.. Front, new(0.25, 499, 99)], 60, 0.08, 0.20));
        Assert.Equal(0, FrontQuality.Points([], 60, 0.08, 0.20));
    }

    [Fact]
    public void AtALatencyTheSearchImagesDecideAmongTheFastEnough()
    {
        Assert.Null(FrontQuality.At(Front, 0.09));
        Assert.Equal(0.15, FrontQuality.At(Front, 0.17)!.LatencyMs);
        Assert.Equal(0.10, FrontQuality.At([.. Front, new(0.12, 300, 99)], 0.13)!.LatencyMs);   // equal on the search images: the faster
    }

    [Fact]
    public void AHandMadeNetIsTheDeepestMiddleOneThatIsFastEnoughAndNarrowerOnlyWhereNoDepthIs()
    {
        QuasarVitConfig config = QuasarVitConfig.FashionMnist;
        QuasarVitGenome? fast = HandMade.Net(config, 0.14), slow = HandMade.Net(config, 0.3);
        Assert.Null(HandMade.Net(config, 0.01));
        Assert.True(Pricer.LatencyMs(fast!, config) <= 0.14 && Pricer.LatencyMs(slow!, config) <= 0.3);
        Assert.Equal(32, slow!.Width);
        Assert.True(fast!.Width <= slow.Width && fast.Depth <= slow.Depth);
        Assert.All(slow.Blocks.AsEnumerable(), b => Assert.Equal(new QuasarVitBlockGenome(3, 3, 0.5, 0.5, 0.5, 0.5), b));
    }

    [Fact]
    public void PricesAreHashedByWhatTheyAre()
    {
        string fashion = Pricer.Prices(QuasarVitConfig.FashionMnist);
        Assert.Equal(fashion, Pricer.Prices(QuasarVitConfig.FashionMnist with { Seed = 0 }));
        Assert.NotEqual(fashion, Pricer.Prices(QuasarVitConfig.Cifar10));
    }
}
