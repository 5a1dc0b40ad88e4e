namespace Hone.Grains.Leasing;

/// <summary>
/// Who is next among owners of equal priority: the one that has had the least slot time for its weight, after start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996) with
/// the time that leases really last in the place of lengths known beforehand. An owner that comes, or comes back, stands beside the least of those present: it makes up for
/// nothing that it did not ask for. Pure: the clock is injected.
/// </summary>
/// <param name="limit">Most leases at once of a tenant; 0: no limit.</param>
/// <param name="clock">Injected time.</param>
public sealed class FairShare(Func<string, int> limit, TimeProvider clock)
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>An item of this claim is there now; <see cref="Left"/> takes it back.</summary>
    public void Came(Claim claim)
    {
        if (!_lines.TryGetValue(claim.Owner, out Line? line)) _lines.Add(claim.Owner, line = new Line());
        line.Claim = claim;
        if (line.Present++ > 0) return;
        double least = double.PositiveInfinity;
        foreach (Line other in _lines.Values)
            if (other != line && other.Present > 0) least = Math.Min(least, Settled(other).Time);
        if (double.IsFinite(least)) line.Time = Math.Max(line.Time, least);
        line.At = clock.GetTimestamp();
    }

    /// <summary>An item of this owner is gone.</summary>
    public void Left(string owner)
    {
        Line line = Settled(_lines[owner]);
        if (--line.Present == 0 && _lines.Values.All(l => l.Present == 0)) _lines.Clear();   // nobody to be fair to
    }

    /// <summary>A lease to this owner begins.</summary>
    public void Begins(string owner) => Settled(_lines[owner]).Leased++;

    /// <summary>A lease to this owner ends.</summary>
    public void Ends(string owner) => Settled(_lines[owner]).Leased--;

    /// <summary>Whether another lease to this owner is within its limit and its tenant's.</summary>
    public bool Allows(string owner)
    {
        Line line = _lines[owner];
        if (line.Claim.Most > 0 && line.Leased >= line.Claim.Most) return false;
        int most = limit(line.Claim.Tenant);
        return most == 0 || _lines.Values.Where(l => l.Claim.Tenant == line.Claim.Tenant).Sum(l => l.Leased) < most;
    }

    /// <summary>Owners with the next one first: by priority, then by slot time had for their weight, then by how many leases they hold for it.</summary>
    public IEnumerable<string> InOrder(IReadOnlyCollection<string> owners) => owners.Count == 1 ? owners
        : owners.OrderByDescending(o => _lines[o].Claim.Priority).ThenBy(o => Settled(_lines[o]).Time).ThenBy(o => (double)_lines[o].Leased / _lines[o].Claim.Weight);

    private Line Settled(Line line)
    {
        long now = clock.GetTimestamp();
        line.Time += line.Leased * clock.GetElapsedTime(line.At, now).TotalSeconds / line.Claim.Weight;
        line.At = now;
        return line;
    }

    private sealed class Line
    {
        public Claim Claim { get; set; }

        /// <summary>Seconds of slot time over weight.</summary>
        public double Time { get; set; }

        public long At { get; set; }

        public int Present { get; set; }

        public int Leased { get; set; }
    }
}
