using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hone.Model;
using Hone.Node.Server;

namespace Hone.Client.Tests.Node;

/// <summary>The node's JSON, which the compiler made, against the rule for Model records that silos write by.</summary>
public class NodeJsonTests
{
    private static readonly NumberFormat I4 = NumberFormat.Int(4, grain: Granularity.Row), I8 = NumberFormat.Int(8), F32 = NumberFormat.F32;
    private static readonly Extent Tokens = new("tokens", [new ExtentPoint(7, 0.25), new ExtentPoint(9, 0.75)], "measured");

    private static readonly Op.Gemm Product = new("g", "block 1", 2, Place.Any, new Weights("w", 8, 4, [new RowPart(I4, 3), new RowPart(I8, 5)], new Sparsity.BlockRowColumn(4, 2, 0.5, 2), BlobId.Of("mask"u8)), Tokens, I8, F32, [Function.Gelu, Function.Add]);

    private static readonly Workload Everything = new("all", Mode.Decode, 3,
    [
        Product,
        new Op.Attention("a", "block 1", 1, Place.Accelerator, 4, 2, 16, Tokens, Tokens, I8, I8, I8, F32, F32, new Sparsity.Causal(5), Approximation.Polynomial, Cache: true),
        new Op.Conv("c", "", 1, Place.Any, Weights.Uniform("w", 8, 27, F32), 9, 9, 3, 3, 1, 1, 1, F32, F32, []),
        new Op.Recurrent("r", "", 1, Place.Host, Cell.Lstm, Weights.Uniform("x", 32, 8, I8), Weights.Uniform("h", 32, 8, I8), Tokens, I8, F32),
        new Op.Elementwise("e", "", 1, Place.Host, Function.LayerNorm, Tokens, 16, F32, I8, Approximation.Exact),
        new Op.Select("s", "", 1, Place.Any, Tokens, Tokens, 1, [Product]),
        new Op.Crossbar("x", "", 1, Place.Any, 8, 8, 1, 8, 16, 2.5, "and"),
        new Op.Circuit("q", "", 1, Place.Any, 2, ["h q[0];", "cx q[0],q[1];"], 2, 100),
    ], [new Edge("g", "a")], CacheLength: 40);

    private static string Silo<T>(T value) => JsonSerializer.Serialize(value, StudyJson.Options);

    private static void Same<T>(T value, JsonTypeInfo<T> made)
    {
        Assert.Equal(Silo(value), JsonSerializer.Serialize(value, made));
        Assert.Equal(value, JsonSerializer.Deserialize(Silo(value), made));
    }

    [Fact]
    public void EveryRecordOfTheWireIsTheSameTextOnBothSides()
    {
        Same(new MeasureLease(new MeasureJob("job", Everything, Trace: "00-1-2-01"), 1L << 40, 0.5, 0.125), NodeJson.Default.MeasureLease);
        Same(new NodeInfo("n", "c", "processor", "avx2", 8, 4, 1L << 34, "performance", 61.5, 0.125), NodeJson.Default.NodeInfo);
        Same(new NodeBeat("n", "job", 7, 9), NodeJson.Default.NodeBeat);
        Same(new BeatAnswer(true), NodeJson.Default.BeatAnswer);
        Same(new NodeReport("n", "job", 7, new Reading(1.5, 0.25, 15, "c", 0.125, ["noisy"], ["g: 4-bit rows run as 8-bit codes"], 0.125)), NodeJson.Default.NodeReport);
        Same(new NodeReport("n", "job", 7, Failure: new NodeFailure(NodeFailure.Uncovered, "no kernel")), NodeJson.Default.NodeReport);
        Same(new ReportAnswer(false, "why"), NodeJson.Default.ReportAnswer);
    }

    [Fact]
    public void AWorkloadOfALaterHoneIsReadAsFarAsItIsKnown()
    {
        string later = Silo(new MeasureLease(new MeasureJob("job", Everything), 7)).Replace("\"token\":7", "\"token\":7,\"colour\":\"red\"", StringComparison.Ordinal);
        Assert.Equal(7, JsonSerializer.Deserialize(later, NodeJson.Default.MeasureLease)!.Token);
    }
}
