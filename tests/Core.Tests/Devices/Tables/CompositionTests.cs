using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class CompositionTests
{
    private static NetworkEntry Network(double ms, double times = 1, double? sum = null, string op = "op") => new("net", Read(ms), [new OpTimes(op, times)], sum);

    private static double? Price(string key) => key == "op" ? 2 : null;

    [Fact]
    public void FewerThanThreeNetworksTeachNothing()
    {
        Assert.Equal(new Composition(1, Composition.Unlearned, 0), Composition.Of([], Price));
        Assert.Equal(new Composition(1, Composition.Unlearned, 2), Composition.Of([Network(3), Network(3)], Price));
        Assert.Equal(new Composition(1.5, 0, 3), Composition.Of([Network(3), Network(3), Network(3)], Price));
    }

    [Fact]
    public void TheMedianKeepsOneBadNetworkOut()
    {
        Composition c = Composition.Of([Network(2.2), Network(4.4, 2), Network(2000), Network(2.2), Network(2.4)], Price);
        Assert.Equal(1.1, c.Factor, 1e-12);
        Assert.Equal(0, c.Spread, 1e-12);
    }

    [Theory]
    [InlineData(2000, 2)]
    [InlineData(0.002, 0.5)]
    public void AnAbsurdFactorIsClamped(double ms, double factor) => Assert.Equal(factor, Composition.Of([Network(ms), Network(ms), Network(ms)], Price).Factor);

    [Fact]
    public void TheSumOfItsDayServesWhereAnOperationIsPricedNoMore()
    {
        NetworkEntry[] lost = [Network(3, sum: 2.5, op: "gone"), Network(3, sum: 2.5, op: "gone"), Network(3, sum: 2.5, op: "gone")];
        Assert.Equal(1.2, Composition.Of([.. lost], Price).Factor, 1e-12);
        Assert.Equal(0, Composition.Of([.. lost.Select(n => n with { SumOfOperations = null })], Price).Networks);
        Assert.Equal(0, Composition.Of([new NetworkEntry("empty", Read(3), [])], Price).Networks);
    }
}
