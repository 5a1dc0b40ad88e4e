using Hone.Model;

namespace Hone.Studies;

/// <summary>Members that stand for a whole space: every gene at its first choice, every gene at its last, and random ones.</summary>
public static class SpaceSample
{
    private const int Random = 64;
    private const ulong Seed = 1;   // not the study's: all seeds of a study share one engine

    public static string Says => $"the smallest, the largest and {Random} random members of the space";

    /// <summary>The same members for the same space, always.</summary>
    public static List<Candidate> Of(SearchSpace space)
    {
        var members = new List<Candidate>
        {
            space.Canonical(new int[space.Genes.Count]),
            space.Canonical(space.Genes.Select(g => g.Choices.Count - 1).ToArray()),
        };
        var chance = new Chance(Seed, Streams.Sampling);
        for (int i = 0; i < Random; i++) members.Add(space.Sample(chance));
        return members;
    }
}
