using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class CostEvaluationTests
{
    [Fact]
    public void AnExactDeviceIsPredictedExactlyAndInOrder()
    {
        CalibrationReport report = CostEvaluation.Evaluate(CostTable.Empty("pi").With(Measured(60, 0, 1)));
        Assert.Equal(("pi", 1, 60, 60), (report.Device, report.Version, report.Entries, report.Predicted));
        Assert.True(report.MapePercent < 0.2, $"{report.MapePercent}");
        Assert.True(report.KendallTau > 0.99);
    }

    [Fact]
    public void NoiseShowsInTheErrorsAndHardlyInTheOrder()
    {
        CalibrationReport report = CostEvaluation.Evaluate(CostTable.Empty("pi").With(Measured(200, 0.1, 2)));
        Assert.InRange(report.MapePercent!.Value, 6, 10);   // E|N(0, 0.1)| is 8 %
        Assert.InRange(report.BiasPercent!.Value, -3, 3);
        Assert.InRange(report.WithinPercent!.Value, 84, 96);
        Assert.True(report.KendallTau > 0.85);
        Assert.Equal(report, CostEvaluation.Evaluate(CostTable.Empty("pi").With(Measured(200, 0.1, 2).Reverse())));
    }

    [Fact]
    public void TheWorstCasesComeFirst()
    {
        CostEntry[] entries = Measured(60, 0.02, 3);
        CostEntry bad = entries[20] with { Reading = entries[20].Reading! with { Milliseconds = entries[20].Reading!.Milliseconds / 4 } };
        CalibrationReport report = CostEvaluation.Evaluate(CostTable.Empty("pi").With([.. entries, bad]));
        Assert.Equal(5, report.Worst.Count);
        Assert.Equal(bad.Key, report.Worst[0].Key);
        Assert.InRange(report.Worst[0].ErrorPercent, 200, 400);
        Assert.False(report.Worst[0].Within);
        Assert.True(report.Worst.Zip(report.Worst.Skip(1), (a, b) => Math.Abs(a.ErrorPercent) >= Math.Abs(b.ErrorPercent)).All(x => x));
    }

    [Fact]
    public void FewReadingsHaveNoMeanAndAreCounted()
    {
        CalibrationReport report = CostEvaluation.Evaluate(CostTable.Empty("pi").With(
            [
                CostEntry.Of(Norm(50, 64), One, Read(1)), CostEntry.Of(Norm(50, 32), One, Read(2)),
                CostEntry.Of(Gru(8, 8, 3), One, new NodeFailure("uncovered", "no kernel")), CostEntry.Of(Kinds()[^1], One, Read(3)),
            ]));
        Assert.Equal((3, 0), (report.Entries, report.Predicted));
        Assert.True(report is { MapePercent: null, BiasPercent: null, KendallTau: null, WithinPercent: null });
        Assert.Equal([new FamilyError("elementwise layernorm", 2, 0, null), new FamilyError("measured only", 1, 0, null)], report.Families);
        Assert.Empty(CostEvaluation.Evaluate(CostTable.Empty("pi")).Worst);
    }
}
