using Hone.Model;

namespace Hone.Search;

/// <summary>Candidates with their losses, ordered by NSGA-II's comparison: lower rank first, then the less crowded, then the earlier.</summary>
internal sealed class RankedPopulation
{
    private readonly Candidate[] _candidates;   // (n)
    private readonly double[][] _losses;        // (n)(m)
    private readonly int[] _ranks;              // (n)
    private readonly double[] _crowding;        // (n), within the own rank

    /// <param name="members">In the order told.</param>
    /// <param name="m">Losses per member.</param>
    public RankedPopulation(IReadOnlyCollection<(Candidate Candidate, double[] Losses)> members, int m)
    {
        int n = members.Count, row = 0;
        (_candidates, _losses, _crowding) = (new Candidate[n], new double[n][], new double[n]);
        double[] all = new double[n * m];   // (n, m)
        foreach ((Candidate candidate, double[] losses) in members)
        {
            (_candidates[row], _losses[row]) = (candidate, losses);
            losses.CopyTo(all, row++ * m);
        }
        _ranks = NonDominated.Sort(all, m);
        int[] byRank = new int[n], keys = (int[])_ranks.Clone();
        for (int i = 0; i < n; i++) byRank[i] = i;
        Array.Sort(keys, byRank);
        for (int start = 0, end; start < n; start = end)
        {
            for (end = start + 1; end < n && keys[end] == keys[start];) end++;
            Array.Sort(byRank, start, end - start);
            double[] front = new double[(end - start) * m];   // (members of this rank, m)
            for (int i = start; i < end; i++) _losses[byRank[i]].CopyTo(front, (i - start) * m);
            double[] distance = Crowding.Distance(front, m);
            for (int i = start; i < end; i++) _crowding[byRank[i]] = distance[i - start];
        }
    }

    public int Count => _candidates.Length;

    public Candidate this[int index] => _candidates[index];

    /// <summary>The better of two members: the crowded-comparison operator; equal ones: the first named.</summary>
    public int Better(int a, int b) => Compare(a, b) <= 0 ? a : b;

    /// <summary>All members, the best first; equal ones as they stood.</summary>
    public int[] BestFirst()
    {
        int[] order = new int[Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => Compare(a, b) is var sign && sign != 0 ? sign : a.CompareTo(b));
        return order;
    }

    /// <summary>The best <paramref name="count"/> members in their old order.</summary>
    public List<(Candidate Candidate, double[] Losses)> Best(int count)
    {
        int[] order = BestFirst();
        int kept = Math.Min(count, order.Length);
        Array.Sort(order, 0, kept);
        var best = new List<(Candidate, double[])>(kept);
        for (int i = 0; i < kept; i++) best.Add((_candidates[order[i]], _losses[order[i]]));
        return best;
    }

    private int Compare(int a, int b) => _ranks[a] != _ranks[b] ? _ranks[a].CompareTo(_ranks[b]) : _crowding[b].CompareTo(_crowding[a]);
}
