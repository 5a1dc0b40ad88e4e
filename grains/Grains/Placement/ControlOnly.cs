using Orleans.Placement;

namespace Hone.Grains.Placement;

/// <summary>The grain lives on control silos and nowhere else, see <see cref="ControlOnlyDirector"/>.</summary>
public sealed class ControlOnly() : PlacementFilterStrategy(order: 0);
