using Hone.Quantum.Circuits;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Which instructions wait for which: each for the last before it on every qubit and classical bit that it touches. Flat arrays, so that
/// routing can walk them many times.
/// </summary>
internal sealed class Dependencies
{
    private readonly int[] _followers, _start;   // followers of instruction i: _followers[_start[i].._start[i + 1]]

    public Dependencies(Circuit circuit)
    {
        int n = circuit.Instructions.Count;
        Waiting = new int[n];
        int[] last = new int[circuit.Qubits + circuit.Bits];
        Array.Fill(last, -1);
        var pairs = new List<(int From, int To)>(2 * n);
        var seen = new HashSet<int>();
        for (int i = 0; i < n; i++)
        {
            seen.Clear();
            foreach (int wire in Wires(circuit.Instructions[i], circuit.Qubits))
            {
                if (last[wire] >= 0 && seen.Add(last[wire]))
                {
                    pairs.Add((last[wire], i));
                    Waiting[i]++;
                }
                last[wire] = i;
            }
        }
        _start = new int[n + 1];
        foreach ((int from, _) in pairs) _start[from + 1]++;
        for (int i = 0; i < n; i++) _start[i + 1] += _start[i];
        _followers = new int[pairs.Count];
        int[] next = [.. _start];
        foreach ((int from, int to) in pairs) _followers[next[from]++] = to;
    }

    /// <summary>How many others each instruction waits for.</summary>
    public int[] Waiting { get; }

    /// <summary>Those that wait for this one.</summary>
    public ReadOnlySpan<int> Followers(int instruction) => _followers.AsSpan(_start[instruction].._start[instruction + 1]);

    private static IEnumerable<int> Wires(Instruction instruction, int qubits) => instruction.Qubits.AsEnumerable().Concat(instruction.ClassicalBits().Select(bit => qubits + bit));
}
