namespace Hone.Devices.Measuring;

/// <summary>When a measurement is good, and when it has lasted long enough.</summary>
/// <param name="WarmUp">Runs before anything counts; at least three, however long they take.</param>
/// <param name="Block">Runs are timed in blocks of at least this length.</param>
/// <param name="Fewest">Undisturbed blocks that a good measurement has.</param>
/// <param name="Most">Blocks after which it ends.</param>
/// <param name="Enough">The median's standard error, as a share of it, at which it ends.</param>
/// <param name="Budget">Time after which it ends.</param>
/// <param name="Disturbed">A block beside which the sentinel was slower than its best by this share does not count: what it was disturbed by may weigh otherwise on the work than on the sentinel.</param>
/// <param name="Changed">Nor does one whose two sentinels differ by this share: something came or went in between.</param>
public sealed record SamplingPolicy(TimeSpan WarmUp, TimeSpan Block, int Fewest, int Most, double Enough, TimeSpan Budget, double Disturbed, double Changed)
{
    public static readonly SamplingPolicy Default = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(0.5), 15, 401, 0.005, TimeSpan.FromSeconds(1), 0.4, 0.08);
}
