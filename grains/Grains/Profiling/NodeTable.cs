using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Profiling;

/// <summary>The nodes of a device that were heard of a moment ago. Pure: the clock is injected.</summary>
/// <param name="silence">A node that was silent so long is gone.</param>
/// <param name="clock">Injected time.</param>
internal sealed class NodeTable(TimeSpan silence, TimeProvider clock)
{
    private readonly Dictionary<string, (NodeInfo Node, TimeSpan At)> _nodes = new(StringComparer.Ordinal);

    /// <summary>By name.</summary>
    public IReadOnlyList<NodeInfo> Here
    {
        get
        {
            TimeSpan oldest = clock.GetElapsedTime(0) - silence;
            foreach (string gone in _nodes.Where(n => n.Value.At < oldest).Select(n => n.Key).ToList()) _nodes.Remove(gone);
            return [.. _nodes.Values.Select(n => n.Node).OrderBy(n => n.Name, StringComparer.Ordinal)];
        }
    }

    public void Heard(NodeInfo node) => _nodes[node.Name] = (node, clock.GetElapsedTime(0));

    public void Forget(string name) => _nodes.Remove(name);

    /// <summary>A node that is known says that it is still there.</summary>
    public void Heard(string name)
    {
        if (_nodes.TryGetValue(name, out var known)) Heard(known.Node);
    }

    public ValueList<NodeStatus> Status(IEnumerable<(string Holder, string Job)> leases)
    {
        ILookup<string, string> held = leases.ToLookup(l => l.Holder, l => l.Job);
        return Here.Select(n => new NodeStatus(n, held.Contains(n.Name) ? "busy" : "ready", held[n.Name].FirstOrDefault())).ToValueList();
    }
}
