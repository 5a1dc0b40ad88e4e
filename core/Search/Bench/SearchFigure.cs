namespace Hone.Search;

/// <summary>One line of the search benchmark.</summary>
/// <param name="Name">What was timed.</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Unit">ms or ms/trial.</param>
/// <param name="Goal">At most this, in the same unit; null where none is set.</param>
/// <param name="Reference">The slow, obvious version's value in the same unit; null where there is none.</param>
public sealed record SearchFigure(string Name, double Value, string Unit, double? Goal, double? Reference)
{
    /// <summary>How many times faster than the reference.</summary>
    public double? Ratio => Reference / Value;
}
