namespace Hone.Client.Results;

/// <summary>Members that a device's model cannot tell apart by their cost.</summary>
internal static class Ties
{
    /// <summary>Whether two costs differ by less than the resolution, as a share of the smaller.</summary>
    public static bool Tied(double a, double b, double percent) => Math.Abs(a - b) < percent / 100 * Math.Min(Math.Abs(a), Math.Abs(b)) || a == b;

    /// <summary>The neighbours in cost of each member that are tied with it, by ordinal; members without any are left out.</summary>
    /// <returns>Empty where no resolution is known.</returns>
    public static IReadOnlyDictionary<int, IReadOnlyList<int>> Of(DeviceCosts device, IReadOnlyCollection<int> ordinals)
    {
        var ties = new Dictionary<int, IReadOnlyList<int>>();
        if (device.Resolution is not { } resolution) return ties;
        MemberCost[] sorted = [.. device.Members.Where(m => ordinals.Contains(m.Ordinal)).OrderBy(m => m.Total).ThenBy(m => m.Ordinal)];
        for (int i = 0; i < sorted.Length; i++)
        {
            var tied = new List<int>();
            if (i > 0 && Tied(sorted[i - 1].Total, sorted[i].Total, resolution.Percent)) tied.Add(sorted[i - 1].Ordinal);
            if (i + 1 < sorted.Length && Tied(sorted[i].Total, sorted[i + 1].Total, resolution.Percent)) tied.Add(sorted[i + 1].Ordinal);
            if (tied.Count > 0) ties[sorted[i].Ordinal] = tied;
        }
        return ties;
    }
}
