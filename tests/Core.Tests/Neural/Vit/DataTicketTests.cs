using Hone.Export;
using Hone.Model;
using Hone.Neural.Training;
using Hone.Neural.Vit;
using Hone.Neural.Vit.DataTicket;
using Hone.Neural.Vit.TriLevel;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural.Vit;

public class DataTicketTests
{
    private static readonly ImageSet Train = SmallVit.Images(64);

    private static readonly DataTicketConfig Config = new()
    {
        Shape = SmallVit.Shape, Dense = SmallVit.Run, Student = SmallVit.Run, Keeps = [0.8, 0.6], Blocks = [1, 2], SelectorEpochs = 1,
    };

    private static byte[] Selector() => DataTicketTraining.Selector(Config, Train, null, null, null, TimeProvider.System, default);

    private static byte[] Student(TicketRule rule, byte[] selector) => DataTicketTraining.Student(Config, rule, 0.6, selector, Train, null, null, null, TimeProvider.System, default);

    [Theory]
    [InlineData(TicketRule.All)]
    [InlineData(TicketRule.Ticket)]
    [InlineData(TicketRule.Variance)]
    public void AnExportedStudentChoosesTheSamePatchesAndAnswersTheSame(TicketRule rule)
    {
        byte[] selector = Selector();
        using DataTicketEvaluator evaluator = DataTicketEvaluator.Open(Config, Student(rule, selector), selector);
        ImageSet images = SmallVit.Images(30, seed: 5);
        float[] logits = evaluator.Logits(rule, 0.6, images);
        VisionNet net = evaluator.Extract(rule, 0.6);
        using var runner = new ModelRunner(VisionOnnx.Write(net));
        float[] exported = runner.Logits(images);
        VisionNet read = VisionWeights.Read(VisionWeights.Write(net));
        for (int i = 0; i < images.Count; i++)
        {
            VisionAnswer answer = VisionReference.Run(read, images.Pixels.AsSpan(i * images.Stride, images.Stride));
            Assert.Equal(rule == TicketRule.All ? 17 : Config.TicketSize(0.6) + 1, answer.Tokens[0]);
            for (int c = 0; c < 4; c++)
            {
                Assert.Equal(answer.Logits[c], logits[(i * 4) + c], 1e-4);
                Assert.Equal(answer.Logits[c], exported[(i * 4) + c], 1e-4);
            }
        }
    }

    [Fact]
    public void RulesDisagreeAndTheSameSeedAgreesWithItself()
    {
        byte[] selector = Selector();
        byte[][] students = [.. Enum.GetValues<TicketRule>().Select(rule => Student(rule, selector))];
        Assert.Equal(students.Length, students.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(students[2], Student((TicketRule)2, selector));
    }

    [Theory]
    [InlineData(TicketRule.Ticket)]
    [InlineData(TicketRule.Anti)]
    public void AStudentThatAsksOnceLearnsWhatOneThatAsksEachTimeLearns(TicketRule rule)
    {
        byte[] selector = Selector();
        DataTicketConfig once = Config with { Student = SmallVit.Run with { Epochs = 1.5 } };
        Assert.True(DataTicketTraining.AsksOnce(once, rule));
        Assert.False(DataTicketTraining.AsksOnce(once, TicketRule.Random));
        Assert.False(DataTicketTraining.AsksOnce(once with { Student = once.Student with { Flip = true } }, rule));
        Assert.False(DataTicketTraining.AsksOnce(once with { Student = once.Student with { Epochs = 1 } }, rule));
        TrainingRun.Begin();
        using var scope = NewDisposeScope();
        using VitNet net = DataTicketTraining.OpenSelector(Config, selector);
        var choice = new TicketChoice(Config, rule, 0.6, net);
        int[] all = choice.OfAll(Train, ScalarType.Float32, CPU, 2);
        Assert.Equal(Train.Count * Config.TicketSize(0.6), all.Length);
        var run = new VitBatchRun(SmallVit.Shape, 1);
        foreach (int from in (int[])[0, 17, 56])
            Assert.Equal(choice.Of(run.Read(Train, from, 8), ScalarType.Float32, new Chance(1, Streams.Masks))!, all[(from * Config.TicketSize(0.6))..((from + 8) * Config.TicketSize(0.6))]);
    }

    [Theory]
    [InlineData(0.95, 170)]
    [InlineData(0.9, 144)]
    [InlineData(0.8, 101)]
    [InlineData(0.75, 84)]
    public void TicketsHaveTheSheetsSizes(double keep, int patches) => Assert.Equal(patches, new DataTicketConfig { Shape = VitShape.DeitSmall, Blocks = [3, 6, 9] }.TicketSize(keep));

    [Theory]
    [InlineData(0.9, 0.74, 1.62)]
    [InlineData(0.8, 0.515, 1.28)]
    [InlineData(0.7, 0.35, 1.02)]
    public void CostsAreTheSheetsLessWhatIsNotComputedBehindTheLastChoice(double keep, double student, double test)
    {
        VitShape shape = VitShape.FashionMnist;
        DataTicketConfig config = new() { Shape = shape, Blocks = [2, 4, 6] };
        double dense = Macs(TicketRule.All), whole = VitWorkload.Macs(TriLevelWorkload.Lower(new TriLevelConfig { Shape = shape, Keep = keep, Links = 1 }, NumberFormat.F32));
        Assert.Equal(student, Macs(TicketRule.Variance) / dense, 0.02);
        Assert.Equal(test, (Macs(TicketRule.Variance) + whole) / dense, 0.02);
        int left = config.TicketSize(keep) + 1, c = shape.Width;
        double behind = left * 8.0 * c * c + left * 12.0 * c * c + 2.0 * left * left * c + 10.0 * c;   // the MLP of block 6, block 7, the head
        Assert.Equal((Macs(TicketRule.Variance) + whole - behind) / dense, Macs(TicketRule.Ticket) / dense, 0.001);

        double Macs(TicketRule rule) => VitWorkload.Macs(DataTicketWorkload.Lower(new Ticket(rule, keep), config, NumberFormat.F32));
    }

    [Theory]
    [InlineData("keeps", "model.keeps")]
    [InlineData("blocks", "model.blocks")]
    public void WhatMakesNoTicketIsRefusedByName(string what, string says)
    {
        DataTicketConfig config = what == "keeps" ? Config with { Keeps = [1.2] } : Config with { Blocks = [7] };
        Assert.Contains(says, Assert.Throws<SpecException>(config.Check).Message);
    }
}
