using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>Images that show nothing, where only the time of working on them counts.</summary>
internal static class NoiseImages
{
    /// <summary>Square ones, all classes equally often.</summary>
    public static ImageSet Of(int count, int channels, int side, int classes)
    {
        var chance = new Chance(1, Streams.Sampling);
        byte[] pixels = new byte[count * channels * side * side], labels = new byte[count];
        for (int p = 0; p < pixels.Length; p++) pixels[p] = (byte)(p % 7 == 0 ? chance.Next(256) : p);
        for (int i = 0; i < count; i++) labels[i] = (byte)(i % classes);
        return new ImageSet(pixels, labels, channels, side, side, classes);
    }
}
