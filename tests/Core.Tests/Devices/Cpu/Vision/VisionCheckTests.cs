using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Vision;

public class VisionCheckTests
{
    private static readonly DrawnNets Drawn = new(1);

    [Fact]
    public void WhatContradictsItselfIsRefusedWithTheSizes()
    {
        VisionBlock block = Drawn.Block(24, 3);
        Refused("expected 72 x 24 weights, got 48 x 24", Of(block with { Qkv = Drawn.Linear(48, 24) }));
        Refused("expected 24, got 23", Of(block with { Scale1 = new float[23] }));
        Refused("gains of the norm before", Of(block with { Norm2 = Drawn.Norm(23) }));
        Refused("to be a multiple of the heads, got 5", Of(block with { Heads = 5 }));
        Refused("weights of 'x': expected 1728, got 5", Of(block with { Fc1 = new LinearLayer("x", 72, 24, new float[5], new float[72]) }));
        VisionNet net = Of(block);
        Refused("numbers of positions: expected 624, got 600", net with { Positions = new float[600] });
        Refused("numbers of the class token: expected 24, got 3", net with { ClassToken = new float[3] });
        Refused("scales of pixels: expected 3, got 1", net with { Input = net.Input with { Scale = [1] } });
        Refused("one convolution", net with { Stem = [] });
        Refused("one block", net with { Stages = [] });
        Refused("expected 7 x 24 weights, got 7 x 23", net with { Head = Drawn.Linear(7, 23) });
        Refused("larger than the padded image", net with { Stem = [Drawn.Conv(24, 3, 21, 1)] });
    }

    [Fact]
    public void WhatTheEngineDoesNotRunIsNamed()
    {
        VisionBlock block = Drawn.Block(24, 3);
        Refused("no room for a class token", Of(block with { Window = Drawn.Window(2, 0, 3) }));
        Refused("shifted by less than the grid", Of(block with { Window = Drawn.Window(2, 5, 3) }, classToken: false));
        Refused("the class token's choice", Of(block with { Best = new BestPatches(0.5) }, classToken: false));
        Refused("above 0", Of(block with { Best = new BestPatches(0) }));
        Refused("two heads at least", Of(block with { Selector = Drawn.Selector(24, 1, PackageRule.None) }));
        Refused("expected 8 or 4 outputs, got 6", Of(block with { Selector = Drawn.Selector(24, 3, PackageRule.None) with { Embed = Drawn.Linear(6, 8) } }));
        VisionNet net = Of(block);
        Refused("one group, got 3", net with { Stem = [Drawn.Conv(24, 3, 4, 4, 0, 3)] });
        Refused("places of one grid", net with { Stages = [new VisionStage(null, [block with { Best = new BestPatches(0.5, 0.5) }]), new VisionStage(null, [block])] });
        Refused("has no entry", net with { Stages = [new VisionStage(new StageEntry.Merge(Drawn.Norm(96), Drawn.Linear(24, 96)), [block])] });
        Refused("merging has no room", net with { Stages = [new VisionStage(null, [block]), new VisionStage(new StageEntry.Merge(Drawn.Norm(96), Drawn.Linear(24, 96)), [block])] });
        Refused("depthwise convolution of 24 groups, got 1", net with { Stages = [new VisionStage(null, [block]), new VisionStage(new StageEntry.Pool(Drawn.Conv(24, 24, 2, 2), Drawn.Linear(24, 24)), [block])] });
    }

    [Fact]
    public void ARunOfOtherSizesIsRefused()
    {
        using var workers = new Workers(1);
        var engine = new VisionEngine(Of(Drawn.Block(24, 3)), workers, 2);
        const int image = 3 * 20 * 20, classes = 7;
        Says("expected 1 to 2 images, got 3", () => engine.Run(new byte[3 * image], 3, new float[3 * classes]));
        Says("expected 1 to 2 images, got 0", () => engine.Run([], 0, []));
        Says("expected 2 x 3 x 20 x 20 pixels, got 1200", () => engine.Run(new byte[image], 2, new float[2 * classes]));
        Says("expected room for 1 x 7 logits, got 6", () => engine.Run(new byte[image], 1, new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VisionEngine(Of(Drawn.Block(24, 3)), workers, 0));
        engine.Run(new byte[image], 1, new float[classes]);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Tokens(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Tokens(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Kept(0, 0).Length);
    }

    private static VisionNet Of(VisionBlock block, bool classToken = true) => Drawn.Deit([block], classToken: classToken);

    private static void Refused(string says, VisionNet net)
    {
        using var workers = new Workers(1);
        Says(says, () => new VisionEngine(net, workers));
    }

    private static void Says(string says, Action act) => Assert.Contains(says, Assert.Throws<ArgumentException>(act).Message);
}
