using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class OpKeyTests
{
    [Fact]
    public void AKeyReadsLikeTheOperation()
    {
        Assert.Equal("gemm 64x32 rows i4r:48+i8r:16 in i6 out f32 x50 gelu", OpKey.Of(Mixed(64, 48, 32, 50)));
        Assert.Equal("attention 4/4x16 q50 k50 in i6,i8r,i8r,u6 out i6", OpKey.Of(Attention(4, 16, 50)));
        Assert.Equal("elementwise layernorm 50x64 in f32 out i6 on host decode batch 4", OpKey.Of(Norm(50, 64), Mode.Decode, 4));
    }

    [Fact]
    public void WhereAnOperationStandsDoesNotMatter()
    {
        foreach (Op op in Kinds())
        {
            Op moved = op with { Id = "other", Block = "block 9", Repeat = 12 };
            if (moved is Op.Gemm g) moved = g with { Weights = g.Weights with { Id = "other" }, Columns = g.Columns with { Name = "patches", Source = "measured" } };
            Assert.Equal(OpKey.Of(op), OpKey.Of(moved));
            Assert.Equal(OpKey.Alone(op, One), OpKey.Alone(moved, One with { Key = "v", Edges = [new Edge("a", "b")] }));
        }
    }

    [Fact]
    public void EveryThingThatDecidesACostChangesTheKey()
    {
        Op.Gemm g = Gemm(64, 32, 50);
        Op.Attention a = Attention(4, 16, 50);
        Op.Select s = Select(50, 25);
        Op.Gemm With(Sparsity sparsity) => g with { Weights = g.Weights with { Sparsity = sparsity } };
        Op.Gemm Masked(byte mask) => g with { Weights = g.Weights with { Pattern = BlobId.Of([mask]) } };
        Op[] others =
        [
            .. Kinds(), Gemm(65, 32, 50), Gemm(64, 33, 50), Gemm(64, 32, 51), Mixed(64, 32, 32, 50),
            g with { In = I8 }, g with { Out = I6 }, g with { Fused = [Function.Gelu] }, g with { Place = Place.Host },
            g with { In = I6 with { Signed = false } }, g with { In = I6 with { Grain = Granularity.Row } },
            g with { In = I6 with { Grain = Granularity.Group, Group = 32 } },
            With(new Sparsity.Unstructured(0.5)), With(new Sparsity.Unstructured(0.25)), With(new Sparsity.BlockRowColumn(4, 16, 0.5, 2)), Masked(1), Masked(2),
            a with { KvHeads = 2 }, a with { Softmax = Approximation.Table }, a with { Cache = true }, a with { Keys = Extent.Fixed("tokens", 49) },
            a with { Sparsity = new Sparsity.Causal(0) }, a with { Sparsity = new Sparsity.Causal(8) },
            a with { Sparsity = new Sparsity.TopKPerRow(0.5, true) }, a with { Sparsity = new Sparsity.TopKPerRow(0.5, false) },
            s with { Packages = 2 }, s with { Scorer = [s.Scorer[0], s.Scorer[1] with { Repeat = 3 }] },
            new Op.Circuit("q", "", 1, Place.Any, 2, ["h q[1];", "cx q[0],q[1];"], 2, 1000),
        ];
        Assert.Equal(others.Length, others.Select(o => OpKey.Of(o)).Distinct().Count());
        Assert.Equal(4, new[] { OpKey.Of(g), OpKey.Of(g, Mode.Train), OpKey.Of(g, batch: 2), OpKey.Of(g, Mode.Prefill, 2) }.Distinct().Count());
    }

    [Fact]
    public void RowsKeepTheirOrderAndNeighboursOfOneFormatAreOnePart()
    {
        Op.Gemm Rows(params RowPart[] parts) => Gemm(64, 32, 50) with { Weights = new Weights("w", 64, 32, [.. parts], Sparsity.Dense) };
        string lowFirst = OpKey.Of(Rows(new(I4, 48), new(I8, 16)));
        Assert.NotEqual(lowFirst, OpKey.Of(Rows(new(I8, 16), new(I4, 48))));
        Assert.NotEqual(lowFirst, OpKey.Of(Rows(new(I4, 24), new(I8, 16), new(I4, 24))));
        Op.Gemm split = Rows(new(I4, 40), new(I8, 0), new(I4, 8), new(I8, 16));
        Assert.Equal(lowFirst, OpKey.Of(split));
        Assert.Equal(OpKey.Alone(Rows(new(I4, 48), new(I8, 16)), One), OpKey.Alone(split, One));
    }

    [Fact]
    public void SizesThatVaryAreMeasuredAtTheirRoundedMean()
    {
        Op.Gemm varies = Gemm(64, 32, 1) with { Columns = new Extent("tokens", [new ExtentPoint(20, 0.5), new ExtentPoint(31, 0.5)], "measured") };
        Assert.Equal(OpKey.Of(Gemm(64, 32, 26)), OpKey.Of(varies));
        Assert.Equal(OpKey.Alone(Gemm(64, 32, 26), One), OpKey.Alone(varies, One));
        Assert.Equal(OpKey.Of(Gemm(64, 32, 1)), OpKey.Of(varies with { Columns = new Extent("tokens", [], "empty") }));
    }

    [Fact]
    public void OnlyAttentionWithACacheHasALengthOfIt()
    {
        Workload decode = new("w", Mode.Decode, 1, [], [], 128);
        Assert.Equal(OpKey.Of(Gemm(64, 32, 1), Mode.Decode), OpKey.Of(Gemm(64, 32, 1), decode));
        Assert.EndsWith(" cached decode cache 128", OpKey.Of(Attention(4, 16, 1) with { Cache = true }, decode), StringComparison.Ordinal);
        Assert.Equal(0, OpKey.Alone(Gemm(64, 32, 1), decode).CacheLength);
    }

    [Fact]
    public void TheWorkloadOfAnOperationHasItsKeyAndRunsItOnce()
    {
        foreach (Op op in Kinds())
        {
            Workload alone = OpKey.Alone(op with { Repeat = 7 }, One with { Batch = 3 });
            Assert.Equal((OpKey.Of(op, batch: 3), 3, 1), (alone.Key, alone.Batch, alone.Ops.Count));
            Assert.Equal((1, alone.Key), (alone.Ops[0].Repeat, OpKey.Of(alone.Ops[0], alone)));
        }
    }

    [Fact]
    public void FreeTextCannotImitateTheRestOfAKey()
    {
        var crossbar = new Op.Crossbar("x", "", 1, Place.Any, 64, 32, 10, 16, 32, 2.4, "mean");
        Assert.NotEqual(OpKey.Of(crossbar with { Place = Place.Host }), OpKey.Of(crossbar with { Merge = "mean on host" }));
        Assert.True(OpKey.Of(crossbar with { Merge = new string('x', 100_000) }).Length < 200);
    }

    [Theory]
    [InlineData("i8"), InlineData("u6"), InlineData("i4r"), InlineData("i4g32"), InlineData("f32"), InlineData("f16")]
    [InlineData("p4r"), InlineData("ul8"), InlineData("b1"), InlineData("s1x256"), InlineData("us8rx16")]
    public void AFormatReadsBackFromItsShortText(string text) => Assert.Equal(text, FormatText.Of(FormatText.Parse(text)!));

    [Theory]
    [InlineData(""), InlineData("8"), InlineData("i"), InlineData("u"), InlineData("i8x"), InlineData("i8g")]
    [InlineData("s1"), InlineData("i99999999999"), InlineData("z3"), InlineData("i-4")]
    public void TextThatIsNoFormatIsNone(string text) => Assert.Null(FormatText.Parse(text));
}
