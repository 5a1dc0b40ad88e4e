using Hone.Model;
using Hone.Search;

namespace Hone.Studies.Analysis;

/// <summary>The front of members whose figures are final.</summary>
public static class MeasuredFront
{
    /// <summary>Those that keep the limits and that no other dominates, and the others. What was within a limit by its price may turn out not to be when it is measured.</summary>
    /// <exception cref="HoneException">None keeps the limits.</exception>
    public static (ValueList<FrontMember> Members, ValueList<FrontMember> Demoted) Draw(IReadOnlyList<FrontMember> members, ValueList<Objective> objectives, ValueList<Constraint> limits)
    {
        ILookup<bool, FrontMember> breaking = members.ToLookup(m => Limits.Broken(m.Measurements, limits) is not null);
        if (members.Count > 0 && !breaking[false].Any())
            throw new HoneException($"none of the {members.Count} members keeps its limits when it is measured (for example trial {members[0].Ordinal}: {Limits.Broken(members[0].Measurements, limits)!.Reason}); loosen the limit");
        var (kept, demoted) = FrontSelection.Redraw(breaking[false], objectives);
        return (kept, [.. demoted, .. breaking[true]]);
    }
}
