using Hone.Data;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Data;

public class ClutterTests
{
    /// <summary>Garments whose every pixel tells its image's number.</summary>
    private static ImageSet Garments(int count)
    {
        byte[] pixels = new byte[count * 784];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(100 + (i / 784));
        return new ImageSet(pixels, new byte[count], 1, 28, 28, 10);
    }

    [Fact]
    public void AGarmentStandsWholeInItsFrameAmongFourCropsOfOthers()
    {
        ImageSet made = Clutter.Of(Garments(40), Part.Train);
        Assert.Equal((40, 42, 42), (made.Count, made.Height, made.Width));
        var places = new HashSet<(int, int)>();
        var others = new List<int>();   // per frame, how many other garments show
        int shown = 0;
        for (int i = 0; i < made.Count; i++)
        {
            byte[] frame = made.Pixels[(i * made.Stride)..((i + 1) * made.Stride)];
            int[] own = [.. Enumerable.Range(0, frame.Length).Where(p => frame[p] == 100 + i)];
            Assert.Equal(784, own.Length);                                     // in front of all crops, and no crop is its own
            Assert.Equal((27, 27), (own[^1] / 42 - own[0] / 42, own[^1] % 42 - own[0] % 42));
            places.Add((own[0] / 42, own[0] % 42));
            byte[] crops = [.. frame.Where(p => p != 0 && p != 100 + i)];
            Assert.InRange(crops.Length, 0, 4 * 49);                           // some are hidden behind the garment
            others.Add(crops.Distinct().Count());
            shown += crops.Length;
        }
        Assert.InRange(others.Max(), 4, 4);
        Assert.InRange(shown, 40 * 49, 40 * 3 * 49);                           // one to three crops' worth of each frame, in the mean
        Assert.True(places.Count > 30, $"{places.Count} places");
    }

    [Fact]
    public void AnImageDependsOnItsNumberAndPartAloneAndCropsOnTheirOwnPart()
    {
        ImageSet garments = Garments(40);
        Assert.Equal(Clutter.Of(garments, Part.Train).Pixels, Clutter.Of(garments, Part.Train).Pixels);
        Assert.NotEqual(Clutter.Of(garments, Part.Train).Pixels, Clutter.Of(garments, Part.Test).Pixels);
        byte[] values = [.. Clutter.Of(garments, Part.Test).Pixels.Distinct()];
        Assert.All(values, v => Assert.True(v == 0 || v is >= 100 and < 140));
    }

    [Fact]
    public void TheRealSetHasTheMomentsThatTheNetworkAssumes()
    {
        ImageData data;
        try
        {
            data = new DataLocator(Surroundings.OfThisMachine()).Load("fashion-clutter", null);
        }
        catch (HoneException e) when (e.Message.Contains("cannot be fetched", StringComparison.Ordinal))
        {
            Assert.Skip(e.Message);
            return;
        }
        ImageSet train = data.LoadTrain();
        Assert.Equal((60_000, 42, 42, 1, 10), (train.Count, train.Height, train.Width, train.Channels, train.Classes));
        double mean = train.Pixels.Average(p => p / 255.0), deviation = Math.Sqrt(train.Pixels.Average(p => (p / 255.0 - mean) * (p / 255.0 - mean)));
        Assert.Equal(QuasarVitConfig.FashionClutter.Mean, mean, 5e-4);
        Assert.Equal(QuasarVitConfig.FashionClutter.Deviation, deviation, 5e-4);
    }
}
