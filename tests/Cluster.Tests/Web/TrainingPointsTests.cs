using System.Text;
using Hone.Model;
using Hone.Silo.Web.Api;

namespace Hone.Cluster.Tests.Web;

public class TrainingPointsTests
{
    [Fact]
    public void WhatWasHeardIsAPointEachWithItsFiniteFigures() => Assert.Equal(
        """[{"stage":"training the supernet","step":5,"steps":10,"values":{"loss":0.5,"images/s":1200}}]""",
        TrainingPoints.Of([new Progress("training the supernet", 5, 10, [new Figure("loss", 0.5), new Figure("images/s", 1_200), new Figure("rate", double.NaN), new Figure("loss", 9)])]).ToJsonString());

    [Fact]
    public void AFinishedTrainingIsReadFromItsFile() => Assert.Equal(
        """[{"stage":"supernet","step":10,"steps":20,"values":{"loss":2.25}},{"stage":"supernet","step":20,"steps":20,"values":{"loss":1.5}},{"stage":"fine-tuning","step":3,"steps":3,"values":{"loss":0.5}}]""",
        TrainingPoints.Of("""{"curves":[{"name":"supernet","metric":"loss","x":"step","points":[[10,2.25],[20,1.5]]},{"name":"fine-tuning","metric":"loss","x":"step","points":[[3,0.5]]}]}"""u8.ToArray()).ToJsonString());

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"curves":[{"points":[[]]}]}""")]
    [InlineData("""{"curves":[null]}""")]
    public void AnotherFileIsRefused(string file) => Assert.Throws<HoneException>(() => TrainingPoints.Of(Encoding.UTF8.GetBytes(file)));
}
