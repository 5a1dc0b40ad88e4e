namespace Hone.Grains.Journal;

/// <summary>What a search has used, over all restarts.</summary>
/// <param name="Searched">Time in which it searched.</param>
/// <param name="Slots">Time that slots spent on evaluations that were answered; lost leases cost the study nothing.</param>
public readonly record struct Spent(TimeSpan Searched, TimeSpan Slots)
{
    public static Spent operator +(Spent a, Spent b) => new(a.Searched + b.Searched, a.Slots + b.Slots);
}
