namespace Hone.Grains.Profiling;

/// <summary>Which lease was given to which node. The last thousands are remembered; those that an earlier activation of the grain gave cannot be checked and are believed.</summary>
/// <param name="epoch">Durable count of activations.</param>
internal sealed class GivenLeases(int epoch)
{
    private const int Most = 4_096;
    private readonly Dictionary<long, (string Job, string Node)> _given = [];
    private readonly Queue<long> _order = [];

    public void Add(long token, string job, string node)
    {
        _given[token] = (job, node);
        _order.Enqueue(token);
        if (_order.Count > Most) _given.Remove(_order.Dequeue());
    }

    public bool IsOf(long token, string job, string node) => _given.TryGetValue(token, out var given) ? given == (job, node) : token >> 32 > 0 && token >> 32 < epoch;
}
