namespace Hone.Model;

/// <summary>Where a long piece of work stands.</summary>
/// <param name="Stage">What is being done, in a few words ("training the supernet").</param>
/// <param name="Step">Steps done; it only grows, and a counter that stands still means that the work is stuck.</param>
/// <param name="Steps">Steps in all, or 0 when unknown.</param>
/// <param name="Values">Named figures of the moment ("loss", "images/s").</param>
public sealed record Progress(string Stage, long Step, long Steps, ValueList<Figure> Values = default);

/// <summary>A named figure.</summary>
public sealed record Figure(string Name, double Value, string Unit = "1");
