using Hone.Devices.Measuring;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Core.Tests.Devices.Measuring;

/// <summary>The sampler on a made-up processor: work and sentinel take the time that the test says.</summary>
public class SamplerTests
{
    private static readonly TimeSpan Sentinel = TimeSpan.FromMilliseconds(0.2), Work = TimeSpan.FromMilliseconds(0.4);
    private readonly FakeTimeProvider _clock = new();
    private double _slow = 1;
    private int _blocks;

    private Sampler Made(SamplingPolicy? policy = null) => new(policy ?? SamplingPolicy.Default, () => _clock.Advance(Sentinel * _slow), _clock);

    private Sample Measure(Sampler sampler, Func<double>? work = null) => sampler.Measure(() => _clock.Advance(Work * _slow * (work?.Invoke() ?? 1)), n => _blocks = n, TestContext.Current.CancellationToken);

    [Fact]
    public void AQuietProcessorGivesTheTimeAfterTheFewestBlocks()
    {
        Sample sample = Measure(Made());
        Assert.Equal((0.4, 0.0, 15, 0.0, null), (Math.Round(sample.Milliseconds, 6), Math.Round(sample.Spread, 6), sample.Blocks, Math.Round(sample.Drift, 6), sample.Mark));
    }

    [Fact]
    public void BlocksBesideASlowSentinelDoNotCount()
    {
        Sampler sampler = Made();
        sampler.Prepare(3);
        int at = 0;
        Sample sample = sampler.Measure(() =>
        {
            _slow = ++at % 20 < 6 ? 2.5 : 1;   // a neighbour comes and goes
            _clock.Advance(Work * _slow);
        }, n => _blocks = n, TestContext.Current.CancellationToken);
        Assert.Null(sample.Mark);
        Assert.Equal(0.4, sample.Milliseconds, 0.02);
        Assert.True(_blocks > sample.Blocks);
    }

    [Fact]
    public void ANeighbourThatStaysMakesItNoisy()
    {
        Sampler sampler = Made();
        sampler.Prepare(3);
        int at = 0;
        Sample sample = sampler.Measure(() =>
        {
            _slow = ++at % 3 == 0 ? 1 : 2.5;
            _clock.Advance(Work * _slow);
        }, n => _blocks = n, TestContext.Current.CancellationToken);
        Assert.Equal(Sample.Noisy, sample.Mark);
        Assert.True(sample.Drift > 0.5);
    }

    [Fact]
    public void ASlowerProcessorIsTakenOffTheFigure()
    {
        Sampler sampler = Made();
        sampler.Prepare(3);
        _slow = 1.25;
        Sample sample = Measure(sampler);
        Assert.Equal((0.4, 0.25, null), (Math.Round(sample.Milliseconds, 6), Math.Round(sample.Drift, 6), sample.Mark));
    }

    [Fact]
    public void ABestTimeThatAnotherProcessSawCounts()
    {
        _slow = 1.25;
        Sampler sampler = Made();
        sampler.Prepare(3);
        Assert.Equal(0.5, Math.Round(Measure(sampler).Milliseconds, 6));
        sampler.Adopt(Sentinel.TotalMilliseconds);
        Assert.Equal(0.4, Math.Round(Measure(sampler).Milliseconds, 6));
    }

    [Fact]
    public void AClockThatWasLoweredALotIsThrottling()
    {
        Sampler sampler = Made();
        sampler.Prepare(3);
        _slow = 1.5;
        Sample sample = Measure(sampler);
        Assert.Equal((Sample.Throttled, 0.5, 0.4), (sample.Mark, Math.Round(sample.Drift, 6), Math.Round(sample.Milliseconds, 6)));
    }

    [Fact]
    public void AScatteredTimeIsMeasuredLongerThanASteadyOne()
    {
        int at = 0;
        Sample sample = Measure(Made(), () => ++at % 2 == 0 ? 0.9 : 1.1);
        Assert.True(sample.Blocks >= 15);
        int few = _blocks;
        Assert.Equal(0.4, sample.Milliseconds, 0.05);
        at = 0;
        Measure(Made(), () => 1 + 0.4 * Math.Sin(++at * at));
        Assert.True(_blocks > few);
    }

    [Fact]
    public void ItEndsWhenItsTimeIsOver()
    {
        Sample sample = Measure(Made(SamplingPolicy.Default with { Enough = 0, Budget = TimeSpan.FromMilliseconds(50) }), () => 1);
        Assert.InRange(sample.Blocks, 15, 90);
        int at = 0;
        Measure(Made(SamplingPolicy.Default with { Enough = 0, Budget = TimeSpan.FromMilliseconds(50) }), () => 1 + 0.1 * (++at % 7));
        Assert.InRange(_blocks, 15, 90);
    }

    [Fact]
    public void ShortRunsAreTimedManyAtOnce()
    {
        int runs = 0;
        Made().Measure(() =>
        {
            runs++;
            _clock.Advance(TimeSpan.FromMicroseconds(2));
        }, n => _blocks = n, TestContext.Current.CancellationToken);
        Assert.True(runs > 200 * _blocks, $"{runs} runs in {_blocks} blocks");
    }

    [Theory]
    [InlineData(new[] { 3.0 }, 3, 0)]
    [InlineData(new[] { 1.0, 9 }, 5, 4)]
    [InlineData(new[] { 5.0, 1, 2 }, 2, 1)]
    public void MediansAreOfTheMiddle(double[] values, double median, double deviation) =>
        Assert.Equal((median, deviation), (Median.Of(values), Median.Deviation(values, median)));
}
