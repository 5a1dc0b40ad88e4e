using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>
/// The small results of one method's evidence, one line a unit, in the order of ids so that differences stay small. Complete after every unit: a run
/// can be cut anywhere. A unit whose inputs changed replaces its old line. Safe for many threads.
/// </summary>
internal sealed class UnitStore
{
    private readonly string _path;
    private readonly SortedDictionary<string, UnitLine> _lines = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <exception cref="HoneException">A line that is none.</exception>
    public UnitStore(string path)
    {
        _path = path;
        if (!File.Exists(path)) return;
        foreach (string text in File.ReadLines(path))
            if (text.Length > 0 && UnitLine.Parse(text) is var line) _lines[line.Id] = line;
    }

    /// <summary>The unit's line if it was made from these inputs and from the blobs that its needs have now; else null.</summary>
    public UnitLine? Find(Unit unit)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(unit.Id, out UnitLine? line) || line.Key != unit.Key) return null;
            return unit.Needs.All(n => Find(n) is not null) && line.From == From(unit) ? line : null;
        }
    }

    /// <summary>Hashes of the blobs that the unit reads, in the order of its needs.</summary>
    public ValueList<string> From(Unit unit)
    {
        lock (_lock)
            return unit.Needs.Where(n => n.LeavesBlob).Select(n => Find(n)?.Blob ?? "").ToValueList();
    }

    public void Add(UnitLine line)
    {
        lock (_lock)
        {
            _lines[line.Id] = line;
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            AtomicFile.Write(_path, stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                foreach (UnitLine l in _lines.Values) writer.WriteLine(l.Text());
            });
        }
    }
}
