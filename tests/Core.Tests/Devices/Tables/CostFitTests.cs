using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class CostFitTests
{
    [Fact]
    public void ADeviceWithoutNoiseIsRecovered()
    {
        CostFit fit = CostFit.Of(Measured(30, 0, 1));
        foreach (CostEntry unseen in Measured(100, 0, 2))
            Assert.Equal(1, fit.Predict(unseen.Op)!.Milliseconds / unseen.Reading!.Milliseconds, 0.005);
    }

    [Theory]
    [InlineData(30), InlineData(120)]
    public void ANoisyDeviceIsRecoveredWithinAFewPercent(int entries)
    {
        CostFit fit = CostFit.Of(Measured(entries, 0.03, 3));
        double error = Measured(200, 0, 4).Average(e => Math.Abs(fit.Predict(e.Op)!.Milliseconds / e.Reading!.Milliseconds - 1));
        Assert.True(error < 0.04, $"mean error {error:P1}");
    }

    [Theory]
    [InlineData(30), InlineData(60), InlineData(200)]
    public void TheIntervalHoldsAboutNineInTenOfUnseenReadings(int entries)
    {
        int inside = 0, all = 0;
        for (uint device = 0; device < 10; device++)
        {
            CostFit fit = CostFit.Of(Measured(entries, 0.1, 10 + device));
            foreach (CostEntry unseen in Measured(100, 0.1, 50 + device))
            {
                Prediction p = fit.Predict(unseen.Op)!;
                all++;
                if (unseen.Reading!.Milliseconds >= p.Low && unseen.Reading.Milliseconds <= p.High) inside++;
            }
        }
        Assert.InRange((double)inside / all, 0.85, 0.95);
    }

    [Fact]
    public void TreesCorrectWhatNoLinearModelHasAndAreLeftOutWhereTheyDoNotHelp()
    {
        static double Steps(Op.Gemm g) => Roofline(g) * (g.Columns.Mean > 64 ? 1.6 : 1);   // falls out of a cache
        CostFit fit = CostFit.Of(Measured(200, 0.01, 5, Steps));
        Assert.True(Assert.Single(fit.Families).Corrected);
        double error = Measured(200, 0, 6, Steps).Average(e => Math.Abs(fit.Predict(e.Op)!.Milliseconds / e.Reading!.Milliseconds - 1));
        Assert.True(error < 0.06, $"mean error {error:P1}");
        Assert.False(Assert.Single(CostFit.Of(Measured(200, 0.05, 7)).Families).Corrected);
        Assert.False(Assert.Single(CostFit.Of(Measured(39, 0.01, 5, Steps)).Families).Corrected);
    }

    [Fact]
    public void TheOrderOfTheEntriesDoesNotMatter()
    {
        CostEntry[] entries = Measured(60, 0.1, 8);
        Prediction a = CostFit.Of(entries).Predict(Gemm(77, 55, 33))!, b = CostFit.Of(entries.Reverse()).Predict(Gemm(77, 55, 33))!;
        Assert.Equal(a, b);
    }

    [Fact]
    public void AFamilyWithTooFewEntriesPredictsNothing()
    {
        CostEntry[] entries = [.. Measured(40, 0, 9).Where(e => ((Op.Gemm)e.Op).Fused.Count == 0)];   // 9 features in use: 1, 8-bit products, weights, inputs, results, outputs, columns, and both in whole registers
        Assert.Equal(7, CostFit.MinimumEntries(5));
        Assert.Equal(6, CostFit.MinimumEntries(2));
        Assert.Null(CostFit.Of(entries[..10]).Predict(Gemm(64, 32, 50)));
        Assert.NotNull(CostFit.Of(entries[..11]).Predict(Gemm(64, 32, 50)));
        Assert.Null(Assert.Single(CostFit.Of(entries[..10]).Families).Interval);
    }

    [Fact]
    public void WorkOfAKindThatNoEntryHasIsNotPredicted()
    {
        CostFit fit = CostFit.Of(Measured(60, 0, 9).Where(e => ((Op.Gemm)e.Op).Fused.Count == 0));
        Assert.NotNull(fit.Predict(Gemm(64, 32, 50)));
        Assert.Null(fit.Predict(Gemm(64, 32, 50, fused: Function.Gelu)));
        Assert.Null(fit.Predict(Gemm(64, 32, 50, I4)));
        Assert.Null(fit.Predict(Gemm(64, 32, 50), Mode.Train));
        Assert.Null(fit.Predict(Gemm(-64, 32, 50)));
        Assert.Null(fit.Predict(Kinds().OfType<Op.Circuit>().Single()));
    }

    [Fact]
    public void OutsideTheFittedRangeTheIntervalIsWider()
    {
        CostFit fit = CostFit.Of(Measured(60, 0.05, 9));
        Assert.True(fit.Predict(Gemm(4096, 4096, 512))!.Interval > fit.Predict(Gemm(128, 128, 64))!.Interval);
    }

    [Fact]
    public void CoefficientsAreNeverNegative()
    {
        for (uint device = 0; device < 20; device++)
            Assert.All(CostFit.Of(Measured(20, 1, 100 + device)).Family("gemm int8")!.Coefficients, c => Assert.True(c >= 0));
    }

    [Fact]
    public void EveryKindWithAFamilyIsFitted()
    {
        var chance = new Chance(9, Streams.Sampling);
        int Size(int step) => step * (1 + chance.Next(16));
        Op[] ops = [.. Enumerable.Range(0, 30).SelectMany(_ => (Op[])
        [
            Mixed(Size(16) + 16, Size(1), Size(16), Size(4)), Attention(1 + chance.Next(12), Size(8), Size(4)), Norm(Size(4), Size(16)),
            Conv(Size(4), Size(4), Size(2)), Gru(Size(8), Size(8), Size(2)), Select(Size(8) + 128, Size(8)),
        ])];
        CostFit fit = CostFit.Of(ops.Select(op => CostEntry.Of(op, One, Read(1e-3 + 2e-7 * OpWork.Of(op, Mode.Infer, 1).Features[1..].Sum()))));
        Assert.Equal(["attention int", "conv int8", "elementwise layernorm", "gemm mixed", "recurrent gru int8", "select"], fit.Families.Select(f => f.Family));
        Assert.All(fit.Families, f => Assert.True(f.Interval < 0.01, $"{f}"));
    }
}
