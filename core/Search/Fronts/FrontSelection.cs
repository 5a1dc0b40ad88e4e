using Hone.Model;

namespace Hone.Search;

/// <summary>Fronts of trials and of members.</summary>
public static class FrontSelection
{
    /// <summary>
    /// The evaluated trials that no other dominates, of the fidelity that <see cref="FrontFidelity"/> says, the best first objective first, then the lower ordinal. Of trials with equal
    /// objectives the lowest ordinal stays. Whoever takes trials away before (for a limit) asks <see cref="FrontFidelity.Trials"/> first.
    /// </summary>
    /// <exception cref="HoneException">An objective is missing or not finite.</exception>
    public static ValueList<FrontMember> Members(IEnumerable<Trial> trials, ValueList<Objective> objectives)
    {
        var archive = new ParetoArchive(objectives.Count);
        List<Trial> evaluated = [.. FrontFidelity.Trials(trials)];
        evaluated.Sort((a, b) => a.Ordinal.CompareTo(b.Ordinal));
        for (int i = 0; i < evaluated.Count; i++) archive.Add(Losses.Of(evaluated[i], objectives), i);
        var members = new List<FrontMember>();
        foreach (int i in archive.Members().Tags)
            members.Add(new FrontMember(evaluated[i].Ordinal, evaluated[i].Key, evaluated[i].Measurements));
        return Ordered(members, objectives);
    }

    /// <summary>The members to finish, chosen by greedy hypervolume contribution, in the front's order; all when there are no more.</summary>
    public static ValueList<FrontMember> Choose(ValueList<FrontMember> members, ValueList<Objective> objectives, int count)
    {
        int[] rows = Hypervolume.ChooseByContribution(All(members, objectives), objectives.Count, count);
        Array.Sort(rows);
        var chosen = new FrontMember[rows.Length];
        for (int i = 0; i < rows.Length; i++) chosen[i] = members[rows[i]];
        return ValueList.Create<FrontMember>(chosen);
    }

    /// <summary>Draws the front again from the members' first values: those that stay on it, and those that another now dominates or equals.</summary>
    public static (ValueList<FrontMember> Members, ValueList<FrontMember> Demoted) Redraw(
        IEnumerable<FrontMember> members, ValueList<Objective> objectives)
    {
        var all = new List<FrontMember>(members);
        all.Sort((a, b) => a.Ordinal.CompareTo(b.Ordinal));
        var archive = new ParetoArchive(objectives.Count);
        for (int i = 0; i < all.Count; i++) archive.Add(Losses.Of(all[i], objectives), i);
        var stays = new HashSet<int>(archive.Members().Tags);
        List<FrontMember> kept = [], demoted = [];
        for (int i = 0; i < all.Count; i++) (stays.Contains(i) ? kept : demoted).Add(all[i]);
        return (Ordered(kept, objectives), Ordered(demoted, objectives));
    }

    private static ValueList<FrontMember> Ordered(List<FrontMember> members, ValueList<Objective> objectives)
    {
        members.Sort((a, b) =>
        {
            int sign = Losses.Of(a, objectives)[0].CompareTo(Losses.Of(b, objectives)[0]);
            return sign != 0 ? sign : a.Ordinal.CompareTo(b.Ordinal);
        });
        return members.ToValueList();
    }

    /// <summary>Shape (members, m).</summary>
    private static double[] All(ValueList<FrontMember> members, ValueList<Objective> objectives)
    {
        double[] losses = new double[members.Count * objectives.Count];
        for (int i = 0; i < members.Count; i++) Losses.Of(members[i], objectives).CopyTo(losses, i * objectives.Count);
        return losses;
    }
}
