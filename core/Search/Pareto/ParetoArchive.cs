namespace Hone.Search;

/// <summary>
/// The front of all points so far, kept as they come. With two losses an addition costs a bisection; else one look at every member.
/// Of equal points the first stays.
/// </summary>
public sealed class ParetoArchive
{
    private readonly int _m;
    private readonly Staircase? _stairs;
    private readonly List<double> _losses = [];   // (Count, m), unless m = 2
    private readonly List<int> _tags = [];        // (Count), unless m = 2

    /// <param name="m">Losses per point, at least 1.</param>
    public ParetoArchive(int m)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(m, 1);
        (_m, _stairs) = (m, m == 2 ? new Staircase() : null);
    }

    /// <summary>The size of the front.</summary>
    public int Count => _stairs?.Count ?? _tags.Count;

    /// <summary>Takes a point in and drops those it dominates.</summary>
    /// <param name="losses">Shape (m), no NaN.</param>
    /// <param name="tag">What the caller knows the point by, for example its ordinal.</param>
    /// <returns>False when the front holds a point as good or better: nothing changes.</returns>
    public bool Add(ReadOnlySpan<double> losses, int tag)
    {
        if (Points.Count(losses, _m) != 1) throw new ArgumentException($"expected one point of {_m} losses, got {losses.Length} numbers");
        if (_stairs is not null)
        {
            if (_stairs.Covers(losses[0], losses[1])) return false;
            _stairs.Insert(losses[0], losses[1], tag);
            return true;
        }
        Span<double> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_losses);
        for (int i = 0; i < _tags.Count; i++)
            if (Points.Covers(all.Slice(i * _m, _m), losses)) return false;
        int kept = 0;
        for (int i = 0; i < _tags.Count; i++)
        {
            if (Points.Covers(losses, all.Slice(i * _m, _m))) continue;
            all.Slice(i * _m, _m).CopyTo(all[(kept * _m)..]);
            _tags[kept++] = _tags[i];
        }
        _losses.RemoveRange(kept * _m, _losses.Count - kept * _m);
        _tags.RemoveRange(kept, _tags.Count - kept);
        _losses.AddRange(losses);
        _tags.Add(tag);
        return true;
    }

    /// <summary>The front's tags by first loss, then second..., and its losses, shape (Count, m), in the same order.</summary>
    public (int[] Tags, double[] Losses) Members()
    {
        int[] tags = new int[Count];
        double[] losses = new double[Count * _m];
        if (_stairs is not null)
        {
            for (int i = 0; i < Count; i++) (losses[2 * i], losses[2 * i + 1], tags[i]) = _stairs[i];
            return (tags, losses);
        }
        double[] all = [.. _losses];
        int[] order = Points.Lexicographic(all, _m);
        for (int i = 0; i < Count; i++)
        {
            tags[i] = _tags[order[i]];
            Points.Row(all, _m, order[i]).CopyTo(losses.AsSpan(i * _m));
        }
        return (tags, losses);
    }
}
