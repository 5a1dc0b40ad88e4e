using Hone.Export;
using Hone.Model;
using Microsoft.ML.OnnxRuntime;

namespace Hone.Core.Tests.Export;

public class VisionOnnxTests
{
    private static readonly PackageRule[] Rules = Enum.GetValues<PackageRule>();

    /// <summary>Every rule with every form of the scores.</summary>
    public static TheoryData<PackageRule, bool, bool, bool> Selectors()
    {
        var data = new TheoryData<PackageRule, bool, bool, bool>();
        foreach (PackageRule rule in Rules)
            foreach (bool separate in (bool[])[true, false])
                foreach (bool logarithms in (bool[])[true, false]) data.Add(rule, separate, logarithms, separate ^ logarithms);
        return data;
    }

    [Theory]
    [InlineData(1, 4, 24, 3, true)]
    [InlineData(2, 1, 8, 1, true)]
    [InlineData(3, 3, 16, 2, false)]
    public void APlainTransformerRunsLikeTheReference(ulong seed, int depth, int width, int heads, bool classToken) => AssertParity(RandomVision.Deit(seed, depth, width, heads, classToken), seed);

    [Theory]
    [MemberData(nameof(Selectors))]
    public void SelectorsChooseLikeTheReference(PackageRule rule, bool separate, bool logarithms, bool norm)
    {
        VisionNet net = RandomVision.Deit(4, selector: (random, name) => random.Selector(name, 24, 3, rule, separate, logarithms, norm));
        ImageSet images = RandomVision.Images(4, 6, net);
        net = net.WhereSomeLose(images, 0.5);
        VisionAnswer[] answers = net.Answers(images);
        for (int s = 0; s < 3; s++) Assert.InRange(answers.Select(answer => answer.Kept[s].Count).Distinct().Count(), 2, 6);   // images differ in what they lose
        AssertParity(net, images);
    }

    public static TheoryData<PackageRule, bool, bool> Extremes()
    {
        var data = new TheoryData<PackageRule, bool, bool>();
        foreach (PackageRule rule in Rules)
            foreach (bool classToken in (bool[])[true, false])
                foreach (bool all in (bool[])[true, false]) data.Add(rule, classToken, all);
        return data;
    }

    [Theory]
    [MemberData(nameof(Extremes))]
    public void AllOrNoPatchesMayBeDropped(PackageRule rule, bool classToken, bool all)
    {
        VisionNet net = RandomVision.Deit(5, classToken: classToken, selector: (random, name) => random.Selector(name, 24, 3, rule, true, false));
        net = net.WithThreshold(all ? float.PositiveInfinity : float.NegativeInfinity);
        ImageSet images = RandomVision.Images(5, 2, net);
        VisionAnswer answer = net.Answers(images)[0];
        Assert.Equal(all ? 0 : 16, answer.Kept[^1].Count);
        Assert.Equal((classToken ? 1 : 0) + (!all ? 16 : rule == PackageRule.None ? 0 : 1), answer.Tokens[^1]);
        AssertParity(net, images);
    }

    [Fact]
    public void APackageJoinsWhatWasPackedBefore()
    {
        foreach (PackageRule rule in Rules)
            AssertParity(RandomVision.Deit(6, classToken: false, selector: (random, name) => random.Selector(name, 24, 3, rule, true, true)), images => net => net.WhereSomeGoOn(images, 0.7));
    }

    [Theory]
    [InlineData(0.6, 1)]
    [InlineData(0.6, 0.5)]
    [InlineData(1, 0.3)]
    [InlineData(0.01, 0.01)]
    [InlineData(1, 1)]
    public void TheBestPatchesGoOnInAFreeBatch(double keep, double links)
    {
        VisionNet net = RandomVision.Deit(7, depth: 5, best: new BestPatches(keep, links));
        AssertParity(net, RandomVision.Images(7, 20, net));
    }

    [Fact]
    public void LinksEndWhereABlockKeepsPatchesWithoutThem()
    {
        VisionNet net = RandomVision.Deit(8, depth: 6, best: new BestPatches(0.8, 0.4));
        VisionBlock[] blocks = [.. net.Stages[0].Blocks];
        blocks[3] = blocks[3] with { Best = new BestPatches(0.8) };
        net = net with { Stages = [new VisionStage(null, [.. blocks])] };
        AssertParity(net, RandomVision.Images(8, 8, net));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, PackageRule.None)]
    [InlineData(true, PackageRule.Running)]
    [InlineData(true, PackageRule.PerStage)]
    [InlineData(false, PackageRule.Merged)]
    public void StagesArePooledWithWhatIsAlive(bool classToken, PackageRule? rule)
    {
        VisionNet net = RandomVision.Pit(9, classToken, rule is { } package ? (random, name) => random.Selector(name, name[1] == '0' ? 16 : name[1] == '1' ? 32 : 64, 2, package, true, true) : null);
        ImageSet images = RandomVision.Images(9, 6, net);
        AssertParity(net, images);
        if (rule is null) return;
        net = net.WhereSomeGoOn(images, 0.3);
        Assert.Contains(net.Answers(images), answer => answer.Kept[1].Count < 16);
        AssertParity(net, images);
        AssertParity(net.WithThreshold(float.PositiveInfinity), images);
    }

    [Fact]
    public void WindowsAreShiftedMaskedAndMerged()
    {
        VisionNet net = RandomVision.Swin(10);
        AssertParity(net, RandomVision.Images(10, 6, net));
    }

    [Fact]
    public void WindowsHoldTheAliveTokensOnly()
    {
        VisionNet net = RandomVision.Swin(11, (random, name) => random.Selector(name, name[1] == '0' ? 16 : 32, 2, PackageRule.None, false, true));
        ImageSet images = RandomVision.Images(11, 4, net);
        foreach (double share in (double[])[0.05, 0.3, 0.8]) AssertParity(net.WhereSomeGoOn(images, share), images);
        AssertParity(net.WithThreshold(float.NegativeInfinity), images);
        AssertParity(net.WithThreshold(float.PositiveInfinity), images);
    }

    [Fact]
    public void AStemOfSeveralConvolutionsAndHalvedBranchesRunLikeTheReference()
    {
        VisionNet net = RandomVision.LvVit(12);
        AssertParity(net, RandomVision.Images(12, 6, net));
        net = RandomVision.LvVit(12, (random, name) => random.Selector(name, 24, 2, PackageRule.Running, true, true, norm: false));
        ImageSet images = RandomVision.Images(12, 6, net);
        AssertParity(net.WhereSomeGoOn(images, 0.5), images);
    }

    [Theory]
    [InlineData(PackageRule.None)]
    [InlineData(PackageRule.Running)]
    [InlineData(PackageRule.PerStage)]
    [InlineData(PackageRule.Merged)]
    public void DroppedTokensAreGoneFromEveryLayerBehind(PackageRule rule)
    {
        VisionNet net = RandomVision.Deit(13, selector: (random, name) => random.Selector(name, 24, 3, rule, true, true));
        ImageSet images = RandomVision.Images(13, 3, net);
        net = net.WhereSomeGoOn(images, 0.6);
        string[] values = [.. Enumerable.Range(0, 4).SelectMany(block => (string[])[$"block{block}.qkv.out", $"block{block}.fc1.out"])];
        VisionAnswer[] answers = net.Answers(images);
        for (int n = 0; n < images.Count; n++)
            Assert.Equal(answers[n].Tokens.SelectMany(tokens => (long[])[tokens, tokens]), Shapes(net, values, images.Select([n])).Select(shape => shape[1]));
    }

    [Fact]
    public void TheSameNetworkGivesTheSameBytes()
    {
        VisionNet Net() => RandomVision.Pit(14, true, (random, name) => random.Selector(name, name[1] == '0' ? 16 : name[1] == '1' ? 32 : 64, 2, PackageRule.Running, true, true));
        Assert.Equal(VisionOnnx.Write(Net()), VisionOnnx.Write(Net()));
        Assert.Equal(VisionOnnx.Write(RandomVision.Swin(14)), VisionOnnx.Write(RandomVision.Swin(14)));
    }

    private static void AssertParity(VisionNet net, ulong seed) => AssertParity(net, RandomVision.Images(seed, 5, net));

    private static void AssertParity(VisionNet net, Func<ImageSet, Func<VisionNet, VisionNet>> moved)
    {
        ImageSet images = RandomVision.Images(3, 6, net);
        AssertParity(moved(images)(net), images);
    }

    private static void AssertParity(VisionNet net, ImageSet images)
    {
        using var runner = new ModelRunner(VisionOnnx.Write(net));
        float[] exported = runner.Logits(images);
        VisionAnswer[] answers = net.Answers(images);
        for (int n = 0; n < images.Count; n++)
        {
            float largest = Math.Max(1, answers[n].Logits.Max(Math.Abs));
            for (int i = 0; i < net.Classes; i++) Assert.Equal(answers[n].Logits[i] / largest, exported[(n * net.Classes) + i] / largest, 1e-4f);
        }
    }

    /// <summary>The shapes of any values of the graph: messages of one protobuf type may be joined end to end, so a few bytes make them outputs.</summary>
    private static IEnumerable<long[]> Shapes(VisionNet net, string[] values, ImageSet image)
    {
        byte[] watched = ProtobufFields.Encode(model => model.Message(OnnxSchema.Model.Graph, graph =>
        {
            foreach (string value in values)
                graph.Message(OnnxSchema.Graph.Output, info =>
                {
                    info.Text(OnnxSchema.ValueInfo.Name, value);
                    info.Message(OnnxSchema.ValueInfo.Type, type => type.Message(OnnxSchema.Type.Tensor, tensor => tensor.Number(OnnxSchema.TensorType.ElementType, OnnxSchema.DataType.Float)));
                });
        }));
        using var single = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession([.. VisionOnnx.Write(net), .. watched], single);
        using var options = new RunOptions();
        using OrtValue pixels = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(image.Pixels, p => (float)p), [1, image.Channels, image.Height, image.Width]);
        using var outputs = session.Run(options, [VisionOnnx.Input], [pixels], values);
        return [.. outputs.Select(output => output.GetTensorTypeAndShape().Shape)];
    }
}
