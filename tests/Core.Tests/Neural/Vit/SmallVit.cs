using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

/// <summary>Networks and images that are small enough for the slow, obvious engine.</summary>
internal static class SmallVit
{
    /// <summary>12 x 12 pixels, patch 3: 16 patches, width 16, 2 heads, 4 blocks.</summary>
    public static VitShape Shape { get; } = new() { Side = 12, Patch = 3, Width = 16, Heads = 2, Depth = 4, Expansion = 2, Classes = 4 };

    public static VitRun Run { get; } = new() { Epochs = 2, Batch = 8, PeakRate = 3e-3, WarmUpEpochs = 0.5, Branches = Hone.Neural.Branches.Float32, Seed = 3 };

    public static PruningConfig Pruning { get; } = new()
    {
        Shape = Shape, Dense = Run, Positions = [1, 2, 3], Keeps = [1, 0.7, 0.5], SharedEpochs = 2, TuneEpochs = 1,
    };

    public static HeatVitConfig HeatVit { get; } = new()
    {
        Pruning = Pruning with { Kind = SelectorKind.HeatVit, Package = PackageRule.Merged, Bits = 8 }, RangeImages = 32, QuantEpochs = 2, QuantRate = 1e-3, QuantFinalRate = 1e-4,
    };

    /// <summary>Random images whose brightest quarter tells their class.</summary>
    public static ImageSet Images(int count, ulong seed = 1, int side = 12)
    {
        int half = side / 2;
        var chance = new Chance(seed, Streams.Sampling);
        byte[] pixels = new byte[count * side * side], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)chance.Next(4);
            for (int p = 0; p < side * side; p++)
            {
                bool inside = p / side / half * 2 + p % side / half == labels[i];
                pixels[(i * side * side) + p] = (byte)(inside ? 120 + chance.Next(136) : chance.Next(140));
            }
        }
        return new ImageSet(pixels, labels, 1, side, side, 4);
    }
}
