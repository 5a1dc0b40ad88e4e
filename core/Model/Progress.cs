namespace Hone.Model;

/// <summary>Where a long piece of work stands.</summary>
/// <param name="Stage">What is being done, in a few words ("training the supernet").</param>
/// <param name="Step">Steps done; it only grows, and a counter that stands still means that the work is stuck.</param>
/// <param name="Steps">Steps in all, or 0 when unknown.</param>
/// <param name="Values">Named figures of the moment ("loss", "images/s").</param>
public sealed record Progress(string Stage, long Step, long Steps, ValueList<Figure> Values = default)
{
    /// <summary>Of work in parts: steps and rates ("images/s") are sums, other figures means over the parts that tell them; null of none.</summary>
    public static Progress? Sum(IReadOnlyCollection<Progress> parts) => parts.Count == 0 ? null : new Progress(
        parts.First().Stage, parts.Sum(p => p.Step), parts.Any(p => p.Steps == 0) ? 0 : parts.Sum(p => p.Steps),
        parts.SelectMany(p => p.Values).GroupBy(v => v.Name).Select(g => g.First() with { Value = g.Key.EndsWith("/s", StringComparison.Ordinal) ? g.Sum(v => v.Value) : g.Average(v => v.Value) }).ToValueList());
}

/// <summary>A named figure.</summary>
public sealed record Figure(string Name, double Value, string Unit = "1");
