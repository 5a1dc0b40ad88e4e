using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural;

public class QuasarVitWorkloadTests
{
    private static readonly QuasarVitConfig Fashion = QuasarVitConfig.FashionMnist;

    // n = 50, per block n (4 E A + 2 R E E) + 2 n n A with A = 16 h; embedding 49 * 16 * E; head 10 E (methods' MAC formula, A and E apart).
    [Theory]
    [InlineData(true, 6L * (50 * (4 * 64 * 64 + 2 * 4 * 64 * 64) + 2 * 50 * 50 * 64) + 49 * 16 * 64 + 10 * 64)]
    [InlineData(false, 4L * (50 * (4 * 16 * 32 + 2 * 2 * 16 * 16) + 2 * 50 * 50 * 32) + 49 * 16 * 16 + 10 * 16)]
    public void MacsOfTheLargestAndTheSmallestNetAreTheFormulas(bool largest, long macs)
    {
        QuasarVitGenome genome = largest ? QuasarVitGenome.Largest(Fashion) : QuasarVitGenome.Smallest(Fashion);
        Assert.Equal(macs, QuasarVitWorkload.Macs(QuasarVitWorkload.Lower(genome, Fashion)));
    }

    [Fact]
    public void RowPartsSumToTheRowsAndPartsOfNoRowsAreLeftOut()
    {
        for (uint i = 0; i < 50; i++)
            foreach (Op op in QuasarVitWorkload.Lower(QuasarVitGenome.Random(Fashion, new Chance(1, 9, i)), Fashion).Ops)
                if (op is Op.Gemm gemm)
                {
                    Assert.Equal(gemm.Weights.M, gemm.Weights.Rows.Sum(r => r.Rows));
                    Assert.All(gemm.Weights.Rows, r => Assert.True(r.Rows > 0));
                    Assert.True(gemm.Weights.Rows.Count < 2 || gemm.Weights.Rows[0].Format.Bits == 4);
                }
    }

    [Fact]
    public void OperationsAreNamedByBlockAndCarryTheFormatsOfTheNetwork()
    {
        var block = new QuasarVitBlockGenome(3, 2, 0.25, 0.5, 0.75, 1);
        Workload workload = QuasarVitWorkload.Lower(new QuasarVitGenome(48, [block, block, block, block]), Fashion, "k");
        var qkv = (Op.Gemm)workload.Ops.Single(o => o.Id == "b2.qkv");
        Assert.Equal((144, 48, "block 2"), (qkv.Weights.M, qkv.Weights.K, qkv.Block));
        Assert.Equal([(4, 112), (8, 32)], qkv.Weights.Rows.Select(r => (r.Format.Bits, r.Rows)));   // 16 floor(36 / 16 + 1/2) = 32
        var attention = (Op.Attention)workload.Ops.Single(o => o.Id == "b2.attention");
        Assert.Equal((6, 8, 8, 6, false), (attention.Q.Bits, attention.K.Bits, attention.V.Bits, attention.P.Bits, attention.P.Signed));
        Assert.Equal([Function.Gelu], ((Op.Gemm)workload.Ops.Single(o => o.Id == "b2.fc1")).Fused);
        Assert.Equal(9, workload.Ops.Count(o => o is Op.Elementwise { Place: Place.Host, Function: Function.LayerNorm }));
        Assert.Equal(workload.Ops.Count, workload.Ops.Select(o => o.Id).Distinct().Count());
    }
}
