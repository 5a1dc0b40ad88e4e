using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>Which units must run so that all wanted ones have results, in an order that respects their needs.</summary>
internal static class UnitOrder
{
    /// <summary>Needs come before what needs them; each unit once.</summary>
    public static List<Unit> All(IEnumerable<Unit> wanted)
    {
        var order = new List<Unit>();
        var seen = new HashSet<Unit>();
        foreach (Unit unit in wanted) Visit(unit);
        return order;

        void Visit(Unit unit)
        {
            if (!seen.Add(unit)) return;
            foreach (Unit need in unit.Needs) Visit(need);
            order.Add(unit);
        }
    }

    /// <summary>Units without a result, and those whose blob is gone but still needed by one of these.</summary>
    public static List<Unit> Open(IEnumerable<Unit> wanted, UnitStore store, IBlobStore blobs)
    {
        var open = new HashSet<Unit>();
        foreach (Unit unit in wanted)
            if (store.Find(unit) is null) Require(unit);
        return [.. All(open).Where(open.Contains)];

        void Require(Unit unit)
        {
            if (!open.Add(unit)) return;
            foreach (Unit need in unit.Needs)
                if (store.Find(need) is not { } line || (need.LeavesBlob && !(line.Blob is { } blob && blobs.Has(new BlobId(blob))))) Require(need);
        }
    }
}
