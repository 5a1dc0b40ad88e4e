using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class DesignedGridTests
{
    private static readonly Workload[] Space =
    [
        new("small", Mode.Infer, 1, [Gemm(64, 32, 50), Mixed(64, 48, 32, 50), Attention(2, 16, 50), Norm(50, 32), Gemm(10, 32, 1)]),
        new("large", Mode.Infer, 1,
        [
            Gemm(384, 96, 65), Gemm(192, 96, 65, fused: Function.Gelu), Mixed(384, 96, 96, 65), Attention(6, 16, 65), Norm(65, 96),
            Gru(32, 16, 20), Gru(64, 16, 20), Select(50, 25),
        ]),
    ];

    [Theory]
    [InlineData(0), InlineData(1), InlineData(6), InlineData(7), InlineData(31), InlineData(200)]
    public void TheGridHasAsManyDistinctOperationsAsAskedForAndEveryFamily(int count)
    {
        ValueList<Workload> grid = DesignedGrid.For(Space, count);
        Assert.Equal(count, grid.Count);
        Assert.Equal(count, grid.Select(w => w.Key).Distinct().Count());
        Assert.All(grid, w => Assert.Equal(OpKey.Alone(w.Ops[0], w), w));
        if (count >= 6) Assert.Equal(["Attention", "Elementwise", "Gemm", "Recurrent", "Select"], grid.Take(6).Select(w => w.Ops[0].GetType().Name).Distinct().Order());
        Assert.Equal(grid, DesignedGrid.For(Space, count));
    }

    [Fact]
    public void SizesStayInTheRangeSeenAndInItsStep()
    {
        foreach (Op op in DesignedGrid.For(Space, 300).Select(w => w.Ops[0]))
            switch (op)
            {
                case Op.Gemm g:
                    Assert.InRange(g.Weights.M, 10, 384);
                    Assert.InRange(g.Weights.K, 32, 96);
                    Assert.Equal(0, g.Weights.K % 32);
                    Assert.InRange(g.Columns.Max, 1, 65);
                    Assert.Equal(g.Weights.M, g.Weights.Rows.Sum(r => r.Rows));
                    Assert.All(g.Weights.Rows, r => Assert.True(r.Rows > 0));
                    break;
                case Op.Attention a:
                    Assert.InRange(a.Heads, 2, 6);
                    Assert.Equal((16, a.Heads, a.Queries), (a.Width, a.KvHeads, a.Keys));
                    break;
                case Op.Recurrent r:
                    Assert.Equal((3 * r.Wh.K, 3 * r.Wh.K, 16), (r.Wh.M, r.Wx.M, r.Wx.K));
                    break;
            }
    }

    [Fact]
    public void TheCornersComeFirstAndBothKindsOfAFamilyAreThere()
    {
        Op.Gemm[] gemms = [.. DesignedGrid.For(Space, 200).Select(w => w.Ops[0]).OfType<Op.Gemm>().Where(g => g.Weights.Rows.Count == 1)];
        Assert.Equal((384, 96, 65), (gemms[0].Weights.M, gemms[0].Weights.K, gemms[0].Columns.Max));
        Assert.Equal((10, 32, 1), (gemms[1].Weights.M, gemms[1].Weights.K, gemms[1].Columns.Max));
        Assert.Contains(gemms, g => g.Fused.Count == 1);
        Assert.Contains(gemms, g => g.Fused.Count == 0);
    }

    [Fact]
    public void ADeviceMeasuredOnTheGridIsPredictedOnNetworksOfTheSpace()
    {
        Workload[] products = [One with { Ops = [Gemm(64, 32, 50), Gemm(10, 32, 1)] }, One with { Ops = [Gemm(384, 96, 65), Gemm(192, 96, 65, fused: Function.Gelu)] }];
        ValueList<Workload> grid = DesignedGrid.For(products, 30);
        CostFit fit = CostFit.Of(grid.Select(w => CostEntry.Of(w.Ops[0], w, Read(Roofline((Op.Gemm)w.Ops[0])))));
        foreach (Op.Gemm op in (Op.Gemm[])[Gemm(100, 64, 33), Gemm(320, 96, 65, fused: Function.Gelu), Gemm(10, 64, 1)])
            Assert.Equal(1, fit.Predict(op)!.Milliseconds / Roofline(op), 0.02);
    }

    [Fact]
    public void SizesThatAreAllOneGiveThatOneOperation()
    {
        Assert.Equal(OpKey.Alone(Gemm(64, 32, 50), One), Assert.Single(DesignedGrid.For([One with { Ops = [Gemm(64, 32, 50)] }], 10)));
        Assert.Empty(DesignedGrid.For([], 10));
    }

    [Fact]
    public void BatchesAndModesHaveGridsOfTheirOwn()
    {
        ValueList<Workload> grid = DesignedGrid.For([Space[0], Space[0] with { Batch = 4 }, Space[0] with { Mode = Mode.Train }], 40);
        Assert.Equal(3, grid.Select(w => (w.Mode, w.Batch)).Distinct().Count());
    }

    [Fact]
    public void ConvolutionsStayRunnable()
    {
        Op[] seen = [Conv(16, 3, 32), Conv(64, 16, 8), Conv(16, 1, 32, 16), Conv(64, 1, 2, 64)];
        foreach (Op.Conv c in DesignedGrid.For([One with { Ops = [.. seen] }], 100).Select(w => (Op.Conv)w.Ops[0]))
        {
            Assert.Equal((0, 0), (c.Weights.M % c.Groups, c.Weights.K % 9));
            Assert.True(c.Height + 2 * c.Padding >= c.KernelHeight && c.Height == c.Width);
            if (c.Groups > 1) Assert.Equal(c.Groups, c.Weights.M);
        }
    }
}
