namespace Hone.Grains.Profiling;

/// <summary>
/// Of whose readings of a job none was believed: while another node of the device is here, that one is asked next, for a while; then any may answer. Pure: the clock is injected.
/// </summary>
/// <param name="patience">How long the others have for it after each reading that was not believed.</param>
internal sealed class SecondOpinions(TimeSpan patience, TimeProvider clock)
{
    /// <summary>[proposal] Fifteen measurements: the others end what they have in hand, and one of them is soon done.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, (HashSet<string> Nodes, TimeSpan Until)> _doubted = new(StringComparer.Ordinal);

    public void Doubted(string job, string node)
    {
        HashSet<string> nodes = _doubted.TryGetValue(job, out var before) ? before.Nodes : new(StringComparer.Ordinal);
        nodes.Add(node);
        _doubted[job] = (nodes, clock.GetElapsedTime(0) + patience);
    }

    /// <summary>Whether a node may measure a job.</summary>
    /// <param name="here">Names of the nodes that are here.</param>
    public bool Allows(string job, string node, Func<IEnumerable<string>> here) =>
        !_doubted.TryGetValue(job, out var doubted) || !doubted.Nodes.Contains(node) || clock.GetElapsedTime(0) >= doubted.Until || here().All(doubted.Nodes.Contains);

    /// <summary>The job is over.</summary>
    public void Over(string job) => _doubted.Remove(job);
}
