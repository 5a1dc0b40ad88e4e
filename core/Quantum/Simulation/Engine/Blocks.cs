namespace Hone.Quantum.Simulation.Engine;

/// <summary>A step within a block, its qubits numbered as the block's: lanes first, then the block's bits.</summary>
/// <param name="Index">Which of the plan's steps.</param>
internal readonly record struct LocalStep(int Index, Step Step, int Qubit, int Other);

/// <summary>
/// Steps that need only some of a state's qubits: for each value of the others, 2^c vectors are brought together where the cache is near, and
/// all the steps run there.
/// </summary>
/// <param name="Bits">The vectors' bits that the block holds, ascending; block bit i is the state's bit Bits[i].</param>
internal sealed record Block(int[] Bits, LocalStep[] Steps)
{
    /// <summary>How many of the lowest bits are held without gaps: so many vectors lie side by side.</summary>
    public int Run { get; } = Enumerable.Range(0, Bits.Length).TakeWhile(i => Bits[i] == i).Count();

    /// <summary>The state's vector at a place of the block, for one value of the bits that the block does not hold.</summary>
    public long Spread(int place)
    {
        long spread = 0;
        for (int i = 0; i < Bits.Length; i++) spread |= (long)(place >> i & 1) << Bits[i];
        return spread;
    }

    /// <summary>Where a chunk begins: the bits that the block does not hold spell its number.</summary>
    public long Base(int chunk, int vectorBits)
    {
        long at = 0;
        for (int bit = 0, taken = 0; bit < vectorBits; bit++)
            if (Array.BinarySearch(Bits, bit) < 0) at |= (long)(chunk >> taken++ & 1) << bit;
        return at;
    }
}

/// <summary>Cuts a plan into blocks.</summary>
internal static class Blocks
{
    private const int AlwaysHeld = 3;   // lowest bits, so that what is brought together lies in runs of at least 2^3 vectors

    /// <summary>As few blocks as a greedy walk finds: each takes every step that it can hold and that no step left behind must come before.</summary>
    /// <param name="lanes">The number of qubits that number lanes.</param>
    /// <param name="most">Bits that a block holds, at least two (or all that there are).</param>
    public static List<Block> Of(Plan plan, int lanes, int most)
    {
        int vectorBits = plan.Qubits - lanes, always = Math.Min(AlwaysHeld, Math.Max(0, most - 2));
        var left = Enumerable.Range(0, plan.Steps.Count).ToList();
        var blocks = new List<Block>();
        while (left.Count > 0)
        {
            SortedSet<int> held = [.. Enumerable.Range(0, always)];
            var waits = new HashSet<int>();
            var taken = new List<int>();
            var later = new List<int>();
            foreach (int index in left)
            {
                Step step = plan.Steps[index];
                int[] qubits = step.Other < 0 ? [step.Qubit] : [step.Qubit, step.Other];
                int[] needed = [.. qubits.Where(q => q >= lanes && !held.Contains(q - lanes)).Select(q => q - lanes)];
                if (qubits.Any(waits.Contains) || held.Count + needed.Length > most)
                {
                    waits.UnionWith(qubits);
                    later.Add(index);
                    continue;
                }
                held.UnionWith(needed);
                taken.Add(index);
            }
            for (int bit = 0; bit < vectorBits && held.Count < most; bit++) held.Add(bit);
            int[] bits = [.. held];
            int Local(int qubit) => qubit < lanes ? qubit : lanes + Array.BinarySearch(bits, qubit - lanes);
            blocks.Add(new Block(bits, [.. taken.Select(i => new LocalStep(i, plan.Steps[i], Local(plan.Steps[i].Qubit), plan.Steps[i].Other < 0 ? -1 : Local(plan.Steps[i].Other)))]));
            left = later;
        }
        return blocks;
    }
}
