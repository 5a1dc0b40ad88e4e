namespace Hone.Neural;

/// <summary>The loss over a stretch of a training.</summary>
/// <param name="Step">Steps made at its end.</param>
/// <param name="Mean">Over its steps, nats.</param>
/// <param name="Worst">The largest of a step in it, nats.</param>
public sealed record LossPoint(long Step, double Mean, double Worst);
