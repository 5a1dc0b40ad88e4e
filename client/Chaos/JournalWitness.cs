using Hone.Contracts;
using Hone.Model;
using Hone.Search;

namespace Hone.Client.Chaos;

/// <summary>
/// Reads a journal again and again, from its first line, and holds each reading against those before: nothing may be missing, twice or changed, and the front may not fall
/// back. Pure: readings are given to it.
/// </summary>
internal sealed class JournalWitness
{
    private readonly List<string> _seen = [];
    private double[]? _reference;
    private int? _fidelity;
    private double _volume;

    public Invariant Lost { get; } = new("no committed trial is lost");

    public Invariant Once { get; } = new("ordinals without gap, no candidate evaluated twice at one fidelity");

    public Invariant Fixed { get; } = new("what was seen never changes");

    public Invariant Front { get; } = new("the front's hypervolume never falls, unless a higher fidelity begins it anew");

    public IEnumerable<Invariant> All => [Lost, Once, Fixed, Front];

    /// <summary>The longest journal seen.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <param name="reading">A journal from ordinal 0 on, as far as it was committed.</param>
    /// <param name="objectives">Of the study.</param>
    public void Read(IReadOnlyList<TrialLine> reading, ValueList<Objective> objectives)
    {
        Lost.Check(reading.Count >= _seen.Count, () => $"{_seen.Count} trials were committed, now there are {reading.Count}");
        int odd = Enumerable.Range(0, reading.Count).FirstOrDefault(i => reading[i].Trial.Ordinal != i, -1);
        string? twice = reading.Where(t => t.Trial.Outcome is Outcome.Evaluated).GroupBy(t => (t.Trial.Key, t.Trial.Fidelity)).FirstOrDefault(g => g.Count() > 1)?.Key.Key;
        Once.Check(odd < 0 && twice is null, () => odd >= 0 ? $"line {odd} is of ordinal {reading[odd].Trial.Ordinal}" : $"the candidate {twice} was evaluated twice");
        int changed = Enumerable.Range(0, Math.Min(reading.Count, _seen.Count)).FirstOrDefault(i => reading[i].Line != _seen[i], -1);
        Fixed.Check(changed < 0, () => $"ordinal {changed} was {_seen[changed]} and is {reading[changed].Line}");
        double volume = Volume(reading, objectives);
        Front.Check(volume >= _volume, () => $"it was {_volume:R} and is {volume:R}");
        _volume = Math.Max(_volume, volume);
        foreach (TrialLine line in reading.Skip(_seen.Count)) _seen.Add(line.Line);
    }

    // Below the worst of the first reading: a point that stays where it is makes the volumes comparable.
    private double Volume(IReadOnlyList<TrialLine> reading, ValueList<Objective> objectives)
    {
        int? fidelity = FrontFidelity.Of(reading.Select(t => t.Trial));
        if (fidelity is not null && !(fidelity <= _fidelity)) (_fidelity, _reference, _volume) = (fidelity, null, 0);
        double[] losses = [.. FrontFidelity.Trials(reading.Select(t => t.Trial)).Where(t => objectives.All(o => t.Value(o.Metric) is not null)).SelectMany(t => objectives.Select(o => o.Loss(t.Value(o.Metric)!.Value)))];   // (n, m)
        if (losses.Length == 0) return 0;
        _reference ??= Hypervolume.ReferenceOf(losses, objectives.Count);
        return Hypervolume.Of(losses, objectives.Count, _reference);
    }
}
