using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

/// <summary>The nets and boards that the FPGA tests share.</summary>
internal static class Nets
{
    /// <summary>
    /// The smallest (all rows 4-bit) or largest (all rows 8-bit) net of Quasar-ViT's Fashion-MNIST ("fm") or CIFAR-10 space as the method sheet has it, E from 32
    /// and 64 on: the nets of the golden values. <see cref="DeviceConformanceStudiesTests"/> lowers the same from genomes.
    /// </summary>
    public static Workload Extreme(string space, bool largest)
    {
        bool cifar = space == "cifar";
        int width = (cifar, largest) switch { (true, true) => 96, (true, false) => 64, (false, true) => 64, _ => 32 }, patches = cifar ? 64 : 49;
        var block = largest ? new VitBlock(patches + 1, 4, 16, 4, 1, 1, 1, 1) : new VitBlock(patches + 1, 2, 16, 2, 0, 0, 0, 0);
        VitBlock[] blocks = [.. Enumerable.Repeat(block, largest ? 6 : 4)];
        return new VitSample(width, patches, cifar ? 48 : 16, 10, 16, blocks).ToWorkload($"{space} {(largest ? "largest" : "smallest")}");
    }

    public static Board Halved(Board board, string cap) => cap switch
    {
        "dsp" => board with { Dsp = board.Dsp / 2 },
        "lut" => board with { Caps = board.Caps with { Lut = board.Caps.Lut / 2 } },
        "ff" => board with { FlipFlops = board.FlipFlops / 2 },
        _ => board with { Bram18 = board.Bram18 / 2 },
    };

    /// <summary>The costs of all operations, added in their order.</summary>
    public static double Sum(Quote quote)
    {
        double sum = 0;
        foreach (OpCost op in quote.Ops) sum += op.Value;
        return sum;
    }
}
