using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class OutliersTests
{
    private static readonly Workload Alone = OpKey.Alone(Gemm(1024, 1024, 1024), One);   // 1.07 GMAC
    private static readonly Reading Good = Read(20, 0.5);

    [Fact]
    public void AGoodReadingIsPossible()
    {
        Assert.Null(Outliers.Impossible(Alone, Good));
        Assert.Null(Outliers.Impossible(Alone, Good with { Notes = [.. Enumerable.Repeat(new string('n', 200), 32)], Drift = 0.5 }));
    }

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity), InlineData(0), InlineData(-1)]
    public void ATimeThatIsNoneIsImpossible(double ms) => Assert.Contains("expected a time", Outliers.Impossible(Alone, Good with { Milliseconds = ms }));

    [Theory]
    [InlineData(double.NaN), InlineData(-1), InlineData(double.PositiveInfinity), InlineData(21)]
    public void ASpreadThatNoMedianHasIsImpossible(double spread) => Assert.Contains("expected a spread", Outliers.Impossible(Alone, Good with { Spread = spread }));

    [Theory]
    [InlineData(0), InlineData(-1), InlineData(int.MinValue)]
    public void NoSamplesAreImpossible(int samples) => Assert.Contains("sample", Outliers.Impossible(Alone, Good with { Samples = samples }));

    [Theory]
    [InlineData(double.NaN), InlineData(double.NegativeInfinity), InlineData(-1)]
    public void ADriftThatIsNoneIsImpossible(double drift) => Assert.Contains("drift", Outliers.Impossible(Alone, Good with { Drift = drift }));

    [Fact]
    public void FloodsOfTextAreImpossible()
    {
        Assert.Contains("33", Outliers.Impossible(Alone, Good with { Notes = [.. Enumerable.Repeat("n", 33)] }));
        Assert.Contains("1000000", Outliers.Impossible(Alone, Good with { Marks = [.. Enumerable.Repeat("n", 1_000_000)] }));
        Assert.Contains("1000000", Outliers.Impossible(Alone, Good with { Notes = [new string('n', 1_000_000)] }));
        Assert.Contains("201", Outliers.Impossible(Alone, Good with { Calibration = new string('c', 201) }));
        Assert.Contains("none", Outliers.Impossible(Alone, Good with { Calibration = null! }));
        Assert.Contains("none", Outliers.Impossible(Alone, Good with { Notes = [null!] }));
    }

    [Fact]
    public void FasterThanAnyDeviceIsImpossible()
    {
        Assert.Contains("multiplications", Outliers.Impossible(Alone, Read(1e-3)));   // 1e15 a second: 1.07 GMAC take 1.07 us
        Assert.Null(Outliers.Impossible(Alone, Read(1.1e-3)));
        Assert.Contains("bytes", Outliers.Impossible(OpKey.Alone(Norm(100_000, 1000), One), Read(1e-3)));
        Assert.Contains("nanosecond", Outliers.Impossible(OpKey.Alone(Gemm(1, 1, 1), One), Read(1e-7)));
        Assert.Contains("multiplications", Outliers.Impossible(Alone with { Batch = 1000 }, Read(0.5)));
        Assert.Contains("multiplications", Outliers.Impossible(new Workload("net", Mode.Infer, 1, [Gemm(1024, 1024, 1024, repeat: 1000)]), Read(0.5)));
    }

    [Fact]
    public void MoreThanTenMinutesAreImpossible()
    {
        Assert.Null(Outliers.Impossible(Alone, Read(600_000)));
        Assert.Contains("minutes", Outliers.Impossible(Alone, Read(600_001)));
    }

    [Fact]
    public void FarFromTheFitIsSuspicious()
    {
        CostFit fit = CostFit.Of(Measured(60, 0.03, 1));
        Workload alone = OpKey.Alone(Gemm(100, 100, 50), One);
        double expected = fit.Predict(alone.Ops[0])!.Milliseconds;
        Assert.Null(Outliers.Suspicious(fit, alone, Read(expected * 4.9)));
        Assert.Null(Outliers.Suspicious(fit, alone, Read(expected / 4.9)));
        Assert.Contains("5.1 times above", Outliers.Suspicious(fit, alone, Read(expected * 5.1)));
        Assert.Contains("5.1 times below", Outliers.Suspicious(fit, alone, Read(expected / 5.1)));
    }

    [Fact]
    public void ALooseFitIsMorePatient()
    {
        CostFit fit = CostFit.Of(Measured(60, 0.6, 1));
        Workload alone = OpKey.Alone(Gemm(100, 100, 50), One);
        Prediction p = fit.Predict(alone.Ops[0])!;
        Assert.True(4 * p.Interval > Math.Log(6));
        Assert.Null(Outliers.Suspicious(fit, alone, Read(p.Milliseconds * 6)));
        Assert.NotNull(Outliers.Suspicious(fit, alone, Read(p.Milliseconds * Math.Exp(4.1 * p.Interval))));
    }

    [Fact]
    public void WhatCannotBePredictedIsNotSuspected()
    {
        CostFit fit = CostFit.Of(Measured(60, 0.03, 1));
        Assert.Null(Outliers.Suspicious(fit, OpKey.Alone(Norm(50, 64), One), Read(1e5)));
        Assert.Null(Outliers.Suspicious(fit, new Workload("net", Mode.Infer, 1, [Gemm(8, 8, 8), Gemm(8, 8, 8)]), Read(1e5)));
    }
}
