using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Export;

public class VisionWeightsTests
{
    private static readonly VisionNet Pit = RandomVision.Pit(1, true, (random, name) => random.Selector(name, name[1] == '0' ? 16 : name[1] == '1' ? 32 : 64, 2, PackageRule.Running, true, true));

    /// <summary>Between them they use every part of the records.</summary>
    public static TheoryData<string> Families => ["deit", "best", "merged", "pit", "swin", "lvvit"];

    [Theory]
    [MemberData(nameof(Families))]
    public void WhatIsReadBackIsWhatWasWritten(string family)
    {
        VisionNet net = Net(family);
        byte[] file = VisionWeights.Write(net);
        VisionNet back = VisionWeights.Read(file);
        Assert.Equal(file, VisionWeights.Write(back));
        Assert.Equal(VisionOnnx.Write(net), VisionOnnx.Write(back));   // arrays, names, numbers: all of them are in there
        Assert.Equal(net.Stages.SelectMany(s => s.Blocks).Select(b => b.Selector?.Threshold), back.Stages.SelectMany(s => s.Blocks).Select(b => b.Selector?.Threshold));
        Assert.Equal(net.Stages.SelectMany(s => s.Blocks).Select(b => b.Best), back.Stages.SelectMany(s => s.Blocks).Select(b => b.Best));
        Assert.Equal(net.Classes, back.Classes);
    }

    [Theory]
    [InlineData("block0.qkv.weights")]
    [InlineData("block2.selector.headFc2.bias")]
    [InlineData("entry1.patches.weights")]
    [InlineData("stem0.bias")]
    [InlineData("block5.scale2")]
    [InlineData("cls")]
    public void AMissingTensorIsNamed(string name) => Assert.Contains($"'{name}'", Refused(tensors => tensors.Remove(name)));

    [Theory]
    [InlineData("block1.fc1.weights", 3)]
    [InlineData("stem0.weights", 2)]
    [InlineData("entry2.cls.weights", 1)]
    public void ATensorOfAnotherRankIsNamed(string name, int rank) => Assert.Contains($"'{name}'", Refused(tensors =>
    {
        SafeTensor tensor = tensors[name];
        tensors[name] = tensor with { Shape = [.. Enumerable.Repeat(1L, rank - 1), SafeTensor.CountOf(tensor.Shape)] };
    }));

    [Fact]
    public void ATensorOfAnotherTypeOrLengthIsNamed()
    {
        Assert.Contains("'positions'", Refused(tensors => tensors["positions"] = SafeTensor.Of("positions", new int[3], 3)));
        Assert.Contains("block 3 second norm gain", Refused(tensors => tensors["block3.norm2.gamma"] = SafeTensor.Of("block3.norm2.gamma", [1f, 2f], 2)));
        Assert.Contains("'epsilon'", Refused(tensors => tensors["epsilon"] = SafeTensor.Of("epsilon", [1f, 2f], 2)));
        Assert.Contains("'head'", Refused(tensors => tensors["head.weights"] = SafeTensor.Of("head.weights", new float[6], 2, 3)));
    }

    [Theory]
    [InlineData("block0.heads", null)]
    [InlineData("block0.heads", "2.5")]
    [InlineData("block0.heads", "99999999999")]
    [InlineData("stages", "4")]
    [InlineData("stage1.blocks", "3")]
    [InlineData("entry1", "fold")]
    [InlineData("block0.selector.package", "3")]
    [InlineData("block0.selector.threshold", "high")]
    [InlineData("stem0.relu", "perhaps")]
    [InlineData("kind", "hone.vit")]
    [InlineData("block0.qkv.name", null)]
    public void AnEntryThatIsMissingOrNoneIsNamed(string key, string? instead)
    {
        string says = Refused((_, texts) =>
        {
            if (instead is null) texts.Remove(key);
            else texts[key] = instead;
        });
        Assert.Contains(key switch { "stages" => "stage3.blocks", "stage1.blocks" => "block6", _ => key }, says);
    }

    [Fact]
    public void AFileWithAnyByteChangedIsReadOrRefusedButNeverCrashes()
    {
        byte[] file = VisionWeights.Write(RandomVision.Swin(2));
        int header = (int)BitConverter.ToInt64(file);
        var chance = new Chance(1, Streams.Sampling);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] broken = [.. file];
            broken[8 + chance.Next(header)] = (byte)chance.Next(256);
            try { VisionWeights.Read(broken); }
            catch (HoneException error)
            {
                refused++;
                Assert.DoesNotContain('\n', error.Message);
            }
        }
        Assert.InRange(refused, 800, 1000);
    }

    private static VisionNet Net(string family) => family switch
    {
        "deit" => RandomVision.Deit(1),
        "best" => RandomVision.Deit(2, best: new BestPatches(0.7, 0.3)),
        "merged" => RandomVision.Deit(3, classToken: false, selector: (random, name) => random.Selector(name, 24, 3, PackageRule.Merged, false, false, norm: false)).WithThreshold(0.1f),
        "pit" => Pit.WithThreshold(float.NegativeInfinity),
        "swin" => RandomVision.Swin(4, (random, name) => random.Selector(name, name[1] == '0' ? 16 : 32, 2, PackageRule.None, true, false)).WithThreshold(1e-45f),
        _ => RandomVision.LvVit(5),
    };

    private static string Refused(Action<Dictionary<string, SafeTensor>> change) => Refused((tensors, _) => change(tensors));

    private static string Refused(Action<Dictionary<string, SafeTensor>, Dictionary<string, string>> change)
    {
        SafeTensorsFile file = SafeTensorsReader.Read(VisionWeights.Write(Pit));
        var tensors = new Dictionary<string, SafeTensor>(file.Tensors);
        var texts = new Dictionary<string, string>(file.Metadata);
        change(tensors, texts);
        return Assert.Throws<HoneException>(() => VisionWeights.Read(SafeTensorsWriter.Write(tensors.Values, texts))).Message;
    }
}
