using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>
/// Level 1: which examples are trained on, and their order. A share is removed at random before training; at each swap the least forgotten active ones go to the pool, as many drawn from the
/// pool come back, and all records are cleared. The number of active examples never changes.
/// </summary>
internal sealed class ActiveExamples : IImageOrder
{
    private readonly TriLevelConfig _config;
    private readonly int _all, _swap;
    private readonly HashSet<long> _swapsAt;   // epochs
    private List<int> _active, _pool;
    private long _swapped = -1;                // the epoch of the last swap

    public ActiveExamples(TriLevelConfig config, int examples)
    {
        (_config, _all) = (config, examples);
        int removed = (int)Math.Round(config.Removed * examples);
        _swap = removed == 0 || config.Rule == ExampleRule.Static ? 0 : (int)Math.Round(config.Swapped * examples);
        int[] order = new Chance(config.Run.Seed, Streams.Sampling).Permutation(examples);
        (_pool, _active) = ([.. order[..removed]], [.. order[removed..]]);
        _swapsAt = [.. Enumerable.Range(1, config.Swaps).Select(i => (long)Math.Round(i * config.SwapEvery * config.Run.Epochs))];
        Record = new ExampleRecord(examples);
    }

    public ExampleRecord Record { get; }

    public int Count => _active.Count;

    /// <summary>The examples now trained on.</summary>
    public IReadOnlyList<int> Active => _active;

    /// <summary>Examples that left at the last swap.</summary>
    public IReadOnlyList<int> Left { get; private set; } = [];

    public int[] Epoch(long epoch)
    {
        if (_swap > 0 && epoch > _swapped && _swapsAt.Contains(epoch)) Swap(epoch);
        return [.. new Chance(_config.Run.Seed, Streams.Order, (uint)epoch).Permutation(_active.Count).Select(i => _active[i])];
    }

    private void Swap(long epoch)
    {
        var chance = new Chance(_config.Run.Seed, Streams.Sampling, (uint)(1 + epoch));
        int[] ranked = [.. _active.Where(Record.IsRanked)];
        Left = _config.Rule == ExampleRule.Random ? [.. chance.Permutation(ranked.Length).Take(_swap).Select(i => ranked[i])]
            : [.. ranked.OrderBy(Record.Forgotten).ThenBy(Record.Variance).ThenBy(e => e).Take(_swap)];
        int[] back = [.. chance.Permutation(_pool.Count).Take(Left.Count).Select(i => _pool[i])];
        HashSet<int> leaving = [.. Left], returning = [.. back];
        _active = [.. _active.Where(e => !leaving.Contains(e)), .. back];
        _pool = [.. _pool.Where(e => !returning.Contains(e)), .. Left];
        Record.Clear();
        _swapped = epoch;
    }

    public void Save(ArrayFile file)
    {
        file.Add("examples.active", [.. _active]);
        file.Add("examples.pool", [.. _pool]);
        file.Add("examples.left", [.. Left]);
        file.Add("examples.swapped", [(int)_swapped]);
        Record.Save(file);
    }

    public void Load(ArrayFile file)
    {
        (_active, _pool, Left) = ([.. file.Get<int[]>("examples.active")], [.. file.Get<int[]>("examples.pool")], file.Get<int[]>("examples.left"));
        _swapped = file.Get<int[]>("examples.swapped")[0];
        Record.Load(file);
    }
}
