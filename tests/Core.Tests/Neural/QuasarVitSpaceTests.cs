using System.Numerics;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural;

public class QuasarVitSpaceTests
{
    private static readonly QuasarVitConfig Fashion = QuasarVitConfig.FashionMnist;

    [Fact]
    public void TheSpaceHoldsFiveWidthsTimes5625ChoicesPerBlock()
    {
        BigInteger block = 5625;
        Assert.Equal((ValueList<int>)[16, 24], QuasarVitConfig.Cifar10.Widths.Take(2).ToValueList());
        Assert.Equal(5 * (BigInteger.Pow(block, 4) + BigInteger.Pow(block, 5) + BigInteger.Pow(block, 6)), QuasarVitSpace.Build(Fashion).Size);
        Assert.Equal(9.5e22, (double)QuasarVitSpace.Build(QuasarVitConfig.Cifar10 with { Widths = [64, 80, 96] }).Size, 0.05e22);   // the sheet's figure
    }

    [Fact]
    public void GenesOfBlocksBeyondTheDepthAreLeftOutOfTheKey()
    {
        SearchSpace space = QuasarVitSpace.Build(Fashion);
        string shallow = space.Canonical(new int[space.Genes.Count]).Key;
        Assert.StartsWith("E=16,L=4,h1=2,R1=2,qkv1=0,proj1=0,fc11=0,fc21=0,h2=2", shallow, StringComparison.Ordinal);
        Assert.DoesNotContain("h5", shallow, StringComparison.Ordinal);
        int[] deep = new int[space.Genes.Count];
        deep[1] = 2;
        Assert.Contains("fc26=0", space.Canonical(deep).Key, StringComparison.Ordinal);
        Assert.Equal(2 + 6 * 6, space.Genes.Count);
        Assert.Equal("block 6", space.Genes[^1].Block);
        Assert.Equal((0.4, 0.2), (space.Genes[0].Mutation!.Value, space.Genes[2].Mutation!.Value));
    }

    [Fact]
    public void AGenomeReadsWhatItsCandidateSays()
    {
        SearchSpace space = QuasarVitSpace.Build(Fashion);
        for (uint i = 0; i < 20; i++)
        {
            Candidate candidate = space.Sample(new Chance(3, Streams.Search, i));
            QuasarVitGenome genome = QuasarVitGenome.From(candidate);
            Assert.Equal(candidate.Number("E"), genome.Width);
            Assert.Equal(candidate.Number("L"), genome.Depth);
            for (int b = 1; b <= genome.Depth; b++)
            {
                QuasarVitBlockGenome g = genome.Blocks[b - 1];
                Assert.Equal(new QuasarVitBlockGenome((int)candidate.Number($"h{b}"), (int)candidate.Number($"R{b}"), candidate.Number($"qkv{b}"),
                    candidate.Number($"proj{b}"), candidate.Number($"fc1{b}"), candidate.Number($"fc2{b}")), g);
            }
        }
    }

    [Theory]
    [InlineData("widths")]
    [InlineData("patch")]
    [InlineData("ratio")]
    public void AConfigurationNoNetCanBeMadeFromIsRefusedWithTheReason(string what)
    {
        QuasarVitConfig wrong = what switch
        {
            "widths" => Fashion with { Widths = [64, 32] },
            "patch" => Fashion with { Patch = 5 },
            _ => Fashion with { RowRatios = [0, 1.5] },
        };
        Assert.Contains(what, Assert.Throws<SpecException>(() => QuasarVitSpace.Build(wrong)).Message, StringComparison.Ordinal);
    }
}
