using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Vision;

public class VisionCheckTests
{
    private static readonly DrawnNets Drawn = new(1);

    [Fact]
    public void WhatContradictsItselfIsRefused() => Refused("expected a layer of 72 x 24", Of(Drawn.Block(24, 3) with { Qkv = Drawn.Linear(48, 24) }));

    [Fact]
    public void WhatTheEngineDoesNotRunIsNamed()
    {
        VisionNet net = Of(Drawn.Block(24, 3));
        Refused("one group, got 3", net with { Stem = [Drawn.Conv(24, 3, 4, 4, 0, 3)] });
        Refused("one block at least", net with { Stages = [new VisionStage(null, [])] });
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
