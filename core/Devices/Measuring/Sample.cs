namespace Hone.Devices.Measuring;

/// <summary>What a measurement gave.</summary>
/// <param name="Milliseconds">Median over blocks of the time of a run, each at the sentinel's best speed.</param>
/// <param name="Spread">Median absolute deviation of the blocks, milliseconds.</param>
/// <param name="Blocks">Blocks that counted.</param>
/// <param name="Drift">How much slower than its best the sentinel ran, the median over all blocks; 0 is none.</param>
/// <param name="Mark">"noisy": others used the processor through most of it, and the quietest blocks counted; "throttled": the processor was slow all along; null: a good one.</param>
/// <param name="WarmUpMs">What the runs took that came before and do not count.</param>
public sealed record Sample(double Milliseconds, double Spread, int Blocks, double Drift, string? Mark, double WarmUpMs)
{
    public const string Noisy = "noisy", Throttled = "throttled";
}
