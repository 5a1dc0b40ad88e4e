using Hone.Contracts;

namespace Hone.Grains.Leasing;

/// <summary>
/// The slots heard of a moment ago, each with its numerics class, and the classes that jobs wait for while no slot has them. Pure: the clock is injected.
/// </summary>
/// <param name="silence">A slot that was silent so long is gone.</param>
/// <param name="patience">How long a class may be missing, other slots being there, until that is told.</param>
/// <param name="clock">Injected time.</param>
public sealed class SlotTable(TimeSpan silence, TimeSpan patience, TimeProvider clock)
{
    private readonly Dictionary<string, (SlotInfo Slot, TimeSpan At)> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _missing = new(StringComparer.Ordinal);

    /// <summary>The slots that are there, by name.</summary>
    public IReadOnlyList<SlotInfo> Here
    {
        get
        {
            Forget();
            return [.. _slots.Values.Select(s => s.Slot).OrderBy(s => s.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>A slot's numerics class; null when it is gone.</summary>
    public string? NumericsOf(string name) => _slots.TryGetValue(name, out var known) ? known.Slot.Numerics : null;

    /// <summary>A slot asked for work or said that it goes on.</summary>
    public void Heard(SlotInfo slot) => _slots[slot.Name] = (slot, clock.GetElapsedTime(0));

    /// <summary>
    /// Of the classes that jobs wait for, those missing for longer than the patience, with the reason. Where no slot is there at all none is missing: such
    /// jobs wait for a worker.
    /// </summary>
    public IReadOnlyDictionary<string, string> Unserved(IReadOnlyCollection<string> wanted)
    {
        Forget();
        TimeSpan now = clock.GetElapsedTime(0);
        HashSet<string> here = [.. _slots.Values.Select(s => s.Slot.Numerics)];
        foreach (string known in _missing.Keys.Where(k => !wanted.Contains(k) || here.Count == 0 || here.Contains(k)).ToList()) _missing.Remove(known);
        if (here.Count == 0) return new Dictionary<string, string>();
        foreach (string numerics in wanted)
            if (!here.Contains(numerics)) _missing.TryAdd(numerics, now);
        return _missing.Where(m => now - m.Value >= patience).ToDictionary(m => m.Key, m =>
            $"expected a slot of the numerics class '{m.Key}', in which this was begun, the slots here have {string.Join(", ", here.Order(StringComparer.Ordinal).Select(c => $"'{c}'"))}");
    }

    private void Forget()
    {
        TimeSpan oldest = clock.GetElapsedTime(0) - silence;
        foreach (string gone in _slots.Where(s => s.Value.At < oldest).Select(s => s.Key).ToList()) _slots.Remove(gone);
    }
}
