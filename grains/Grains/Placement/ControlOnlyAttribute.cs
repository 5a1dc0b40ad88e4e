using Orleans.Placement;

namespace Hone.Grains.Placement;

/// <summary>Keeps a grain off the silos that only compute, so that their death costs the jobs in hand and nothing else.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ControlOnlyAttribute() : PlacementFilterAttribute(new ControlOnly());
