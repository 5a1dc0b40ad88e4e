using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural;

public class QuasarVitScheduleTests
{
    private static readonly QuasarVitConfig Config = Tiny.Config with { Epochs = 40, FloatShare = 0.5, TeacherEpochs = 0, WarmUpEpochs = 1, PeakRate = 1e-3, FinalRate = 1e-5 };

    [Fact]
    public void RowsAreOrderedEachEpochThenEachFifthThenNeverAgain()
    {
        var schedule = new QuasarVitSchedule(Config, perEpoch: 10);   // 400 steps, quantised from 200 on: 20 epochs
        IEnumerable<long> epochs = Steps(schedule).Select(s => (s - 200) / 10);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], epochs);   // 60 % of 20; the next fifth, the fifteenth, is 75 %
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20], Steps(new QuasarVitSchedule(Config with { Epochs = 60 }, 10)).Select(s => (s - 300) / 10));
    }

    [Fact]
    public void AShortQuantisedPhaseStillOrdersItsRowsSeveralTimes()
    {
        var schedule = new QuasarVitSchedule(Config with { Epochs = 2 }, perEpoch: 80);
        Assert.Equal([80, 90, 100, 110, 120, 130], Steps(schedule));   // eighths of the phase: 0 to 50 %, and the fifth at 62.5 %
    }

    [Fact]
    public void WithoutAQuantisedPhaseNoRowIsOrdered() => Assert.Empty(Steps(new QuasarVitSchedule(Config with { FloatShare = 1 }, 10)));

    [Fact]
    public void TheQuantisedPhaseHasAWarmUpAndACosineOfItsOwnWhereItHasARateOfItsOwn()
    {
        var two = new QuasarVitSchedule(Config with { QuantisedRate = 5e-4 }, perEpoch: 10);
        Assert.Equal(1e-3, two.Rate(9), 1e-12);
        Assert.InRange(two.Rate(199), 1e-5, 2e-5);
        Assert.Equal(5e-5, two.Rate(200), 1e-12);      // the first of ten steps of warm-up
        Assert.Equal(5e-4, two.Rate(209), 1e-12);
        var one = new QuasarVitSchedule(Config, perEpoch: 10);
        Assert.InRange(one.Rate(200), 4e-4, one.Rate(199));
    }

    [Fact]
    public void TheTeacherComesFirstWithARateOfItsOwn()
    {
        var schedule = new QuasarVitSchedule(Config with { TeacherEpochs = 5 }, perEpoch: 10);
        Assert.Equal((50, 250, 450), (schedule.TeacherSteps, schedule.QuantisedFrom, schedule.Steps));
        Assert.InRange(schedule.Rate(49), 1e-5, 5e-5);
        Assert.Equal(1e-3, schedule.Rate(59), 1e-12);
    }

    [Fact]
    public void KlIsAddedToTheSmoothedLabelsOnlyWhereATeacherHasAnsweredAndMayTeach()
    {
        QuasarVitConfig config = Tiny.Config with { LabelSmoothing = 0.3, Distillation = 0.5 };
        ImageSet images = Tiny.Images(4);
        var labels = new QuasarVitLabels(config, images, 4);
        labels.Remember([1], [0.7f, 0.2f, 0.1f]);
        float[] targets = new float[6];   // (B, C)
        double constant = labels.Fill([0, 1], taught: true, targets);
        double entropy = 0.7 * Math.Log(0.7) + 0.2 * Math.Log(0.2) + 0.1 * Math.Log(0.1);
        Assert.Equal(0.5 * entropy / 2, constant, 1e-6);
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal(0.1 + (images.Labels[0] == c ? 0.7 : 0), targets[c], 1e-6);
            Assert.Equal(0.1 + (images.Labels[1] == c ? 0.7 : 0) + 0.5 * (c switch { 0 => 0.7, 1 => 0.2, _ => 0.1 }), targets[3 + c], 1e-6);
        }
        Assert.Equal(0, labels.Fill([0, 1], taught: false, targets));
        Assert.Equal(0.1 + (images.Labels[1] == 0 ? 0.7 : 0), targets[3], 1e-6);
    }

    [Fact]
    public void ACurveHoldsTheMeanAndTheWorstOfEachStretchAndSurvivesACut()
    {
        var curve = new LossCurve(24);   // three stretches of eight steps
        for (int step = 0; step < 20; step++) curve.Add(step, step);
        var file = new ArrayFile();
        curve.Save(file);
        LossCurve again = LossCurve.Read(ArrayFile.Read(file.ToBytes()));
        for (int step = 20; step < 24; step++) again.Add(step, 50);
        Assert.Equal([(8, 3.5, 7), (16, 11.5, 15), (24, (17.5 + 50) / 2, 50)], again.Points().Select(p => (p.Step, p.Mean, p.Worst)));
        Assert.Equal(200, Enumerable.Range(0, 10_000).Aggregate(new LossCurve(10_000), (c, s) => { c.Add(s, 1); return c; }).Points().Count());
    }

    private static IEnumerable<long> Steps(QuasarVitSchedule schedule) => Enumerable.Range(0, (int)schedule.Steps).Select(s => (long)s).Where(schedule.OrdersRows);
}
