using Hone.Model;

namespace Hone.Devices.Cpu.Runtime;

/// <summary>What runs otherwise than the workload says, or slowly: collected once, while a network is built.</summary>
internal sealed class Notes
{
    private readonly List<string> _lines = [];

    public void Add(string operation, string text)
    {
        string line = $"{operation}: {text}";
        if (!_lines.Contains(line)) _lines.Add(line);
    }

    public ValueList<string> Lines => [.. _lines];
}
