using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Vision;

public class VisionSetsTests
{
    private static ImageSet Images(VisionNet net, int count) => new(new DrawnNets(31).Pixels(net, count), new byte[count], net.Input.Channels, net.Input.Side, net.Input.Side, net.Classes);

    [Fact]
    public void AllImagesAreRunInTheirOrder()
    {
        using var workers = new Workers(2);
        VisionNet net = DrawnNets.All(30).First(n => n.Name.StartsWith("selectors, Running", StringComparison.Ordinal)).Net;
        ImageSet images = Images(net, 70);
        var (logits, kept) = VisionSets.Run(net, images, workers);
        for (int i = 0; i < images.Count; i += 23)
        {
            VisionAnswer answer = VisionReference.Run(net, images.Pixels.AsSpan(i * images.Stride, images.Stride));
            for (int c = 0; c < net.Classes; c++) Assert.Equal(answer.Logits[c], logits[(i * net.Classes) + c], 1e-3);
            for (int s = 0; s < 3; s++) Assert.Equal(answer.Kept[s].Count, kept[s][i]);
        }
    }

    [Fact]
    public void ThresholdsKeepTheSharesAskedFor()
    {
        using var workers = new Workers(2);
        foreach ((string name, double[] shares) in (IEnumerable<(string, double[])>)[("selectors, Running, SPViT", [0.8, 0.5, 0.2]), ("PiT", [0.6, 0.5]), ("Swin", [0.5])])
        {
            VisionNet net = DrawnNets.All(32).First(n => n.Name == name).Net;
            ImageSet images = Images(net, 50);
            float[] thresholds = VisionSets.Thresholds(net, shares, images, workers);
            int[][] kept = VisionSets.Run(With(net, thresholds), images, workers).Kept;
            int[] patches = name == "PiT" ? [144, 36] : [name == "Swin" ? 144 : 25, 25, 25];
            for (int s = 0; s < shares.Length; s++) Assert.Equal(Math.Round(shares[s] * 50 * patches[s]), kept[s].Sum());
        }
    }

    [Fact]
    public void SharesOfSelectorsThatAreNotThereAreRefused()
    {
        using var workers = new Workers(1);
        VisionNet net = new DrawnNets(33).Selecting(PackageRule.None, true);
        Assert.Contains("3 selectors", Assert.Throws<ArgumentException>(() => VisionSets.Thresholds(net, [0.9, 0.8, 0.7, 0.6], Images(net, 5), workers)).Message);
    }

    private static VisionNet With(VisionNet net, float[] thresholds)
    {
        int at = 0;
        return net with { Stages = [.. net.Stages.Select(stage => stage with { Blocks = [.. stage.Blocks.Select(b => b.Selector is { } s ? b with { Selector = s with { Threshold = thresholds[at++] } } : b)] })] };
    }
}
