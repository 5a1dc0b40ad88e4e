using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>All that was measured on a device. Its text, by <see cref="StudyJson.Options"/>, is short: formats and sizes as words, calibrations once.</summary>
/// <param name="Version">Grows with every change; part of every quote.</param>
/// <param name="Entries">Operations, one for each key.</param>
/// <param name="Networks">Whole networks.</param>
[JsonConverter(typeof(CostTableJson))]
public sealed record CostTable(string Device, int Version, ValueList<CostEntry> Entries, ValueList<NetworkEntry> Networks)
{
    /// <summary>A device of which nothing is known.</summary>
    public static CostTable Empty(string device) => new(device, 0, [], []);

    /// <summary>
    /// The next version with these entries, which replace those of the same keys (networks: of the same key and operations). In the order of their keys.
    /// </summary>
    public CostTable With(IEnumerable<CostEntry> entries, IEnumerable<NetworkEntry>? networks = null) => new(Device, Version + 1,
        Latest(Entries.Concat(entries), e => e.Key).OrderBy(e => e.Key, StringComparer.Ordinal).ToValueList(),
        Latest(Networks.Concat(networks ?? []), n => (n.Key, n.Operations)).OrderBy(n => n.Key, StringComparer.Ordinal).ToValueList());

    private static IEnumerable<T> Latest<T, TKey>(IEnumerable<T> items, Func<T, TKey> key) where TKey : notnull
    {
        var latest = new Dictionary<TKey, T>();
        foreach (T item in items) latest[key(item)] = item;
        return latest.Values;
    }
}
