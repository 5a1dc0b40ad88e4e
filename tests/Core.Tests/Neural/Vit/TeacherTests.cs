using Hone.Model;
using Hone.Neural.Training;
using Hone.Neural.Vit;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural.Vit;

public class TeacherTests
{
    [Fact]
    public void WhatItRemembersIsWhatItWouldSay()
    {
        TrainingRun.Begin();
        using var scope = NewDisposeScope();
        ImageSet train = SmallVit.Images(250);
        using var net = new VitNet(SmallVit.Shape, 4);
        using var remembering = new Teacher(net, SmallVit.Run with { Epochs = 2 }, train, ScalarType.Float32);
        using var asking = new Teacher(net, SmallVit.Run with { Epochs = 1 }, train, ScalarType.Float32);
        Assert.True(remembering.Remembers);
        Assert.False(asking.Remembers);
        int[] images = [249, 3, 120, 3, 0];
        Tensor patches = cat([.. images.Select(i => new VitBatchRun(SmallVit.Shape, 1).Read(train, i, 1))]);
        var portion = new Portion(0, patches, 0, images, zeros(5, 4));
        var (features, logits) = remembering.Ask(portion);
        var (theirs, said) = asking.Ask(portion);
        Assert.Equal([5, 17, 16], features.shape);
        Assert.True((features - theirs).abs().max().item<float>() < 1e-5);
        Assert.True((logits - said).abs().max().item<float>() < 1e-5);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void ImagesThatChangeAreAskedAboutEachTime(int crop, bool flip)
    {
        using var net = new VitNet(SmallVit.Shape, 4);
        using var teacher = new Teacher(net, SmallVit.Run with { Crop = crop, Flip = flip }, SmallVit.Images(16), ScalarType.Float32);
        Assert.False(teacher.Remembers);
    }
}
