using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class ModelResolutionTests
{
    [Fact]
    public void ItIsOneAndTheSameOnAllBoardsAndSaysWhereItIsBorrowed()
    {
        double own = PublishedPoints.Compare("zcu102").ResolutionPercent!.Value;
        Assert.All(BoardCatalog.All, b => Assert.Equal(own, ModelResolution.Of(b.Name)!.Percent));
        Assert.DoesNotContain("borrowed", ModelResolution.Of("zcu102")!.Source);
        Assert.Contains("(zcu102", ModelResolution.Of("kv260")!.Source);
        Assert.Contains("borrowed: nothing is published for kv260", ModelResolution.Of("kv260")!.Source);
        Assert.Equal(ModelResolution.Of("zcu102-eighth"), ModelResolution.Of("zcu102-eighth/3x32x8-w4a6"));
    }

    [Fact]
    public void ModelledLatenciesOfTheBoardsHaveOneAndNothingElseDoes()
    {
        var latency = new Measurement("latency_ms", 1, "ms", Origin.Modelled, null, "kv260/3x32x8-w4a6");
        Assert.NotNull(ModelResolution.Of(latency));
        Assert.Null(ModelResolution.Of(latency with { Origin = Origin.Measured }));
        Assert.Null(ModelResolution.Of(latency with { Metric = "dsp" }));
        Assert.Null(ModelResolution.Of(latency with { Device = "raspberry-pi" }));
        Assert.Null(ModelResolution.Of(latency with { Device = null }));
    }

    [Fact]
    public void TwoValuesAreATieBelowTheThresholdOnlyAndInEitherOrder()
    {
        var resolution = new ModelResolution(10, "made up");
        Assert.True(resolution.Ties(0.91, 1) && resolution.Ties(1, 0.91) && resolution.Ties(1, 1));
        Assert.False(resolution.Ties(0.75, 1) || resolution.Ties(1, 0.75));
        Assert.Equal(25, ModelResolution.Difference(0.75, 1));
        Assert.Equal(0, ModelResolution.Difference(0, 0));
    }
}
