using Hone.Model;

namespace Hone.Core.Tests.Model;

public class PhiloxTests
{
    // Known answers published with the Random123 library (kat_vectors, philox4x32-10).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void TheRoundsGiveThePublishedAnswers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
        => Assert.Equal((r0, r1, r2, r3), Philox.Rounds(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void AStreamResumedAtItsPositionGoesOnWithTheSameDraws()
    {
        var whole = new Chance(7, Streams.Order, 3);
        for (int i = 0; i < 10; i++) whole.NextBits();
        var resumed = new Chance(7, Streams.Order, 3) { Position = whole.Position };
        Assert.Equal(whole.NextBits(), resumed.NextBits());
    }

    [Fact]
    public void DifferentStreamsOrdinalsAndSeedsDrawDifferently()
    {
        ulong first = Philox.Bits(1, 1, 1, 1);
        Assert.NotEqual(first, Philox.Bits(2, 1, 1, 1));
        Assert.NotEqual(first, Philox.Bits(1, 2, 1, 1));
        Assert.NotEqual(first, Philox.Bits(1, 1, 2, 1));
        Assert.NotEqual(first, Philox.Bits(1, 1, 1, 2));
    }

    [Fact]
    public void APermutationHoldsEveryIndexOnce()
        => Assert.Equal(Enumerable.Range(0, 33), new Chance(1, Streams.Order).Permutation(33).Order());
}
