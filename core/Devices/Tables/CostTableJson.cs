using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>The text of a cost table. A key is written only where it does not follow from the operation; networks name operations by their place in the table.</summary>
internal sealed class CostTableJson : JsonConverter<CostTable>
{
    private static readonly JsonSerializerOptions Short = new(StudyJson.Options) { Converters = { new FormatJson(), new ExtentJson() } };

    public override CostTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Table wire = JsonSerializer.Deserialize<Table>(ref reader, Short) ?? throw new JsonException("expected a cost table, got null");
        if (wire.Device is null) throw new JsonException("a cost table names its device; 'device' is missing");
        CostEntry[] entries = [.. (wire.Entries ?? []).Select(Entry)];
        return new CostTable(wire.Device, wire.Version, entries.ToValueList(), (wire.Networks ?? []).Select(Network).ToValueList());

        CostEntry Entry(Entry e)
        {
            if (e.Op is null) throw new JsonException("an entry of a cost table has an operation; 'op' is missing");
            (Mode mode, int batch, int cache) = (e.Mode ?? Mode.Infer, e.Batch ?? 1, e.CacheLength ?? 0);
            return new CostEntry(e.Key ?? OpKey.Of(e.Op, mode, batch, cache), e.Op, e.Reading is { } r ? Reading(r) : null, e.Refused, mode, batch, cache);
        }

        NetworkEntry Network(Network n) => n.Ops?.Length == n.Times?.Length && n is { Key: not null, Reading: not null, Ops: not null }
            ? new NetworkEntry(n.Key, Reading(n.Reading), n.Ops.Select((at, i) => new OpTimes(Key(at), n.Times![i])).ToValueList(), n.Sum)
            : throw new JsonException("a network of a cost table has 'key', 'reading' and as many 'times' as 'ops'");

        string Key(int at) => at >= 0 && at < entries.Length ? entries[at].Key : At(wire.Others, at - entries.Length, "others");

        Reading Reading(Figures f) => new(f.Ms, f.Spread, f.Samples, At(wire.Calibrations, f.Calibration, "calibrations"), f.Drift ?? 0, f.Marks ?? [], f.Notes ?? [], Taken: f.Taken);
    }

    public override void Write(Utf8JsonWriter writer, CostTable value, JsonSerializerOptions options)
    {
        Names calibrations = new(0), others = new(value.Entries.Count);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < value.Entries.Count; i++) places.TryAdd(value.Entries[i].Key, i);
        Entry[] entries = [.. value.Entries.Select(Entry)];
        Network[] networks = [.. value.Networks.Select(Network)];
        string[]? foreign = others.All.Count > 0 ? [.. others.All] : null;
        JsonSerializer.Serialize(writer, new Table(value.Device, value.Version, [.. calibrations.All], entries, networks, foreign), Short);

        Network Network(NetworkEntry n) =>
            new(n.Key, n.SumOfOperations, Figures(n.Reading), [.. n.Operations.Select(Place)], [.. n.Operations.Select(o => o.Times)]);

        Entry Entry(CostEntry e) => new(e.Key == OpKey.Of(e.Op, e.Mode, e.Batch, e.CacheLength) ? null : e.Key, e.Op,
            e.Mode == Mode.Infer ? null : e.Mode, e.Batch == 1 ? null : e.Batch, e.CacheLength == 0 ? null : e.CacheLength,
            e.Reading is { } r ? Figures(r) : null, e.Refused);

        Figures Figures(Reading r) => new(r.Milliseconds, r.Spread, r.Samples, calibrations.Place(r.Calibration), r.Drift == 0 ? null : r.Drift,
            r.Marks.Count == 0 ? null : r.Marks, r.Notes.Count == 0 ? null : r.Notes, r.Taken);

        int Place(OpTimes op) => places.TryGetValue(op.Key, out int at) ? at : others.Place(op.Key);
    }

    private static string At(string[]? names, int at, string what) => names is not null && at >= 0 && at < names.Length ? names[at]
        : throw new JsonException($"a cost table refers to number {at} of '{what}', which has {names?.Length ?? 0}");

    private sealed record Table(string? Device, int Version, string[]? Calibrations, Entry[]? Entries, Network[]? Networks, string[]? Others);

    private sealed record Entry(string? Key, Op? Op, Mode? Mode, int? Batch, int? CacheLength, Figures? Reading, NodeFailure? Refused);

    /// <param name="Ops">Places in the entries; from their count on, places in the other keys.</param>
    private sealed record Network(string? Key, double? Sum, Figures? Reading, int[]? Ops, double[]? Times);

    private sealed record Figures(double Ms, double Spread, int Samples, int Calibration, double? Drift, ValueList<string>? Marks, ValueList<string>? Notes, DateTimeOffset? Taken);

    /// <summary>Texts numbered in the order in which they come.</summary>
    private sealed class Names(int first)
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

        public List<string> All { get; } = [];

        public int Place(string name)
        {
            if (_places.TryGetValue(name, out int at)) return at;
            All.Add(name);
            return _places[name] = first + All.Count - 1;
        }
    }
}
