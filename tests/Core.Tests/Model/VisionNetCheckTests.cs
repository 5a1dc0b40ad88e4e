using Hone.Core.Tests.Export;
using Hone.Model;

namespace Hone.Core.Tests.Model;

public class VisionNetCheckTests
{
    private static readonly VisionNet Plain = RandomVision.Deit(1), Swin = RandomVision.Swin(1), Pit = RandomVision.Pit(1);
    private static readonly VisionNet Selecting = RandomVision.Deit(1, selector: (random, name) => random.Selector(name, 24, 3, PackageRule.Running, true, true));

    [Fact]
    public void EveryFamilyMeansSomething()
    {
        foreach (VisionNet net in (VisionNet[])[Plain, Swin, Pit, Selecting, RandomVision.LvVit(1)]) net.Check();
    }

    [Fact]
    public void ArraysOfAnotherLengthAreNamed()
    {
        float[] one = [1];
        Refused(Plain with { Input = Plain.Input with { Scale = [1, 2] } }, "pixel scales: expected 1 values, shape (1), got 2");
        Refused(Plain with { ClassToken = one }, "class token");
        Refused(Plain with { Positions = one }, "positions: expected 408 values, shape (17, 24), got 1");
        Refused(Plain with { Stem = [Plain.Stem[0] with { Weights = one }] }, "'patch' weights");
        Refused(Plain with { Head = Plain.Head with { Bias = one } }, "'head' bias");
        Refused(Plain with { Norm = new NormLayer(Plain.Norm.Gain, one) }, "last norm bias");
        Refused(Block(Plain, b => b with { Qkv = b.Qkv with { Weights = one } }), "'block0.qkv' weights: expected 1728 values, shape (72, 24), got 1");
        Refused(Block(Plain, b => b with { Proj = b.Proj with { K = 27 } }), "'block0.qkv': expected a layer of 81 x 24");
        Refused(Block(Plain, b => b with { Fc2 = b.Fc2 with { K = 24 } }), "'block0.fc2': expected a layer of 24 x 48");
        Refused(Block(Plain, b => b with { Scale2 = one }), "block 0 second scale");
        Refused(Block(Plain, b => b with { Heads = 5 }), "heads that divide the attention's width 24, got 5");
        Refused(Block(Swin, b => b with { Window = b.Window! with { Bias = one } }), "block 0 window bias: expected 98 values, shape (2, 7, 7), got 1");
    }

    [Fact]
    public void ASelectorThatDoesNotFitIsRefused()
    {
        Refused(Selector(s => s with { Heads = 1 }), "expected at least 2, got 1");
        Refused(Selector(s => s with { Heads = 8 }), "even width");
        Refused(Selector(s => s with { Embed = s.Embed with { M = 5 } }), "expected 8 outputs (local and global halves) or 4 (one for both), got 5");
        Refused(Selector(s => s with { Fc3 = s.Fc2 }), "expected a layer of 2 x");
        Refused(Selector(s => s with { HeadFc2 = s.HeadFc1 }), "expected a layer of 3 x 6");
        Refused(Selector(s => s with { Threshold = float.NaN }), "got NaN");
        Refused(Selector(s => s with { Norm = new NormLayer([1], [1]) }), "block 1 selector norm gain");
        Refused(Selector(s => s with { Package = (PackageRule)9 }), "None, Running, PerStage, Merged");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.01, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0.5, 0)]
    [InlineData(0.5, 2)]
    public void SharesOfPatchesLieAboveZeroAndUpToOne(double keep, double links) => Refused(Block(Plain, b => b with { Best = new BestPatches(keep, links) }), "above 0 and at most 1");

    [Fact]
    public void WhatContradictsEachOtherIsRefused()
    {
        var best = new BestPatches(0.5);
        TokenSelector packing = Selecting.Stages[0].Blocks[1].Selector!;
        Refused(Block(RandomVision.Deit(1, classToken: false), b => b with { Best = best }), "expected a class token, got none");
        Refused(Block(Selecting, b => b with { Best = best }), "got both");
        Refused(Block(Pit, b => b with { Best = best }), "keep them in the last stage");
        Refused(Block(Plain, b => b with { Window = new WindowAttention(2, 0, new float[27]) }), "a class token stands in no window");
        Refused(Block(Swin, b => b with { Window = b.Window! with { Size = 3 } }), "windows that tile a grid of 8 x 8, got a side of 3");
        Refused(Block(Swin, b => b with { Window = b.Window! with { Shift = 4 } }), "a shift of 0..3, got 4");
        Refused(RandomVision.Swin(1, (random, name) => random.Selector(name, name[1] == '0' ? 16 : 32, 2, PackageRule.Merged, true, true)), "a package stands in no window");
        Refused(Block(Selecting, b => b with { Selector = packing with { Package = PackageRule.None } }, 1), "one package rule for all selectors, got None and Running");
        Refused(Swin with { ClassToken = new float[16], Positions = [], Stages = [new VisionStage(null, []), Swin.Stages[1]] }, "merging has no place for a class token");
        Refused(Plain with { Stages = [] }, "at least one stage");
        Refused(Plain with { Stem = [] }, "at least one convolution");
        Refused(Plain with { Epsilon = 0 }, "epsilon above 0");
        Refused(Pit with { Stages = [Pit.Stages[1]] }, "no entry of the first stage");
        Refused(Plain with { Stages = [Plain.Stages[0], Plain.Stages[0]] }, "expected an entry of stage 1");
        Refused(Pit with { Stem = [Pit.Stem[0] with { Padding = 4 }] }, "a padding of 0..3");
        Refused(Plain with { Stem = [Plain.Stem[0] with { Groups = 2 }] }, "groups that divide");
        Refused(Pit with { Stages = [Pit.Stages[0], Pit.Stages[1] with { Entry = Whole((StageEntry.Pool)Pit.Stages[1].Entry!) }] }, "a depthwise convolution of 16 groups, got 1");
        Refused(Plain with { Stem = [Plain.Stem[0] with { Kernel = 9 }] }, "a kernel of 9 does not fit a side of 8");
    }

    [Fact]
    public void NamesAreUniqueAndPlain()
    {
        Refused(Plain with { Head = Plain.Head with { Name = "block0.qkv" } }, "two layers are named 'block0.qkv'");
        Refused(Plain with { Head = Plain.Head with { Name = "the head" } }, "got 'the head'");
        Refused(Plain with { Head = Plain.Head with { Name = "" } }, "got ''");
    }

    [Fact]
    public void TheReferenceRefusesWhatMeansNothing() => Assert.Throws<ArgumentException>(() => VisionReference.Run(Plain with { ClassToken = [1] }, new byte[64]));

    private static StageEntry.Pool Whole(StageEntry.Pool pool)
    {
        ConvLayer conv = pool.Patches;
        return pool with { Patches = conv with { Groups = 1, Weights = new float[conv.M * conv.Inputs * conv.Kernel * conv.Kernel] } };
    }

    private static void Refused(VisionNet net, string says) => Assert.Contains(says, Assert.Throws<ArgumentException>(net.Check).Message);

    private static VisionNet Selector(Func<TokenSelector, TokenSelector> change) => Block(Selecting, b => b with { Selector = change(b.Selector!) }, 1);

    private static VisionNet Block(VisionNet net, Func<VisionBlock, VisionBlock> change, int index = 0)
    {
        VisionBlock[] blocks = [.. net.Stages[0].Blocks];
        blocks[index] = change(blocks[index]);
        return net with { Stages = [net.Stages[0] with { Blocks = [.. blocks] }, .. net.Stages.Skip(1)] };
    }
}
