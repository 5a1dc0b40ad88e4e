using Google.Protobuf;
using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Export;

public class OnnxGraphTests
{
    [Fact]
    public void ASmallGraphComputesWhatItSays()
    {
        using var runner = new ModelRunner(Sum([1, 10, 100, 1000]));
        var images = new ImageSet([1, 2, 3, 4, 5, 6, 7, 8], [0, 0], 1, 2, 2, 1);
        Assert.Equal([4321f, 8765f], runner.Logits(images));
    }

    [Fact]
    public void TheSameCallsGiveTheSameBytes() => Assert.Equal(Sum([1, 2, 3, 4]), Sum([1, 2, 3, 4]));

    [Fact]
    public void TheFileBeginsWithItsVersionAndProducer()
    {
        var input = new CodedInputStream(Sum([1, 2, 3, 4]));
        Assert.Equal((1 << 3) | 0u, input.ReadTag());   // ir_version
        Assert.Equal(OnnxGraph.IrVersion, input.ReadInt64());
        Assert.Equal((2 << 3) | 2u, input.ReadTag());   // producer_name
        Assert.Equal("hone", input.ReadString());
    }

    [Fact]
    public void AGraphRefusesUnknownAndRepeatedNames()
    {
        var graph = new OnnxGraph("wrong");
        string x = graph.Input("x", -1, 4);
        Assert.Throws<ArgumentException>(() => graph.Node("Relu", "y", ["z"]));
        Assert.Throws<ArgumentException>(() => graph.Node("Relu", x, [x]));
        Assert.Throws<ArgumentException>(() => graph.Output("y", -1, 4));
        Assert.Throws<ArgumentException>(() => graph.Floats("w", [1, 2, 3], 2, 2));
        Assert.Equal(graph.Number(0.5f), graph.Number(0.5f));
        Assert.Equal(graph.Whole(0, -1, 8), graph.Whole(0, -1, 8));
        Assert.NotEqual(graph.Whole(1, 1), graph.Whole(11));
    }

    [Fact]
    public void AModelThatIsDamagedOrNoClassifierIsRefusedInOneLine()
    {
        byte[] model = Sum([1, 2, 3, 4]);
        foreach (byte[] bytes in (byte[][])[[], [1, 2, 3], model[..(model.Length / 2)], Unfit()])
        {
            var error = Assert.Throws<HoneException>(() => new ModelRunner(bytes).Dispose());
            Assert.DoesNotContain('\n', error.Message);
        }
        Assert.Throws<HoneException>(() => ModelRunner.Open(Path.Combine(Path.GetTempPath(), "hone-no-such-model.onnx")).Dispose());
    }

    [Fact]
    public void ImagesOfAnotherShapeAreRefused()
    {
        using var runner = new ModelRunner(Sum([1, 2, 3, 4]));
        Assert.Throws<HoneException>(() => runner.Logits(new ImageSet(new byte[9], [0], 1, 3, 3, 1)));
    }

    [Fact]
    public void ABatchFixedAtOneIsFedOneByOneAndALargerOneIsRefused()
    {
        var images = new ImageSet([1, 2, 3, 4, 5, 6, 7, 8], [0, 0], 1, 2, 2, 1);
        using var runner = new ModelRunner(Sum([1, 10, 100, 1000], batch: 1));
        Assert.Equal([4321f, 8765f], runner.Logits(images));
        Assert.Contains("N free or 1", Assert.Throws<HoneException>(() => new ModelRunner(Sum([1, 10, 100, 1000], batch: 2)).Dispose()).Message);
    }

    /// <summary>logits (N, 1) = sum of the weighted pixels of (N, 1, 2, 2).</summary>
    private static byte[] Sum(float[] weights, long batch = -1)
    {
        var graph = new OnnxGraph("sum");
        string flat = graph.Node("Flatten", "flat", [graph.Input("images", batch, 1, 2, 2)], OnnxAttribute.Int("axis", 1));
        graph.Node("Gemm", "logits", [flat, graph.Floats("w", weights, 1, 4)], OnnxAttribute.Int("transB", 1), OnnxAttribute.Float("alpha", 1));
        graph.Output("logits", batch, 1);
        return graph.ToBytes();
    }

    private static byte[] Unfit()
    {
        var graph = new OnnxGraph("unfit");
        graph.Node("Relu", "y", [graph.Input("x", -1, 4)]);
        graph.Output("y", -1, 4);
        return graph.ToBytes();
    }
}
