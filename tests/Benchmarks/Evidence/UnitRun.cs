using System.Text.Json.Nodes;
using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>What a unit sees while it runs: the units that it needs, its own checkpoint, and whether it should stop.</summary>
internal sealed class UnitRun(Unit unit, UnitStore store, Places places, string device, CancellationToken cancel)
{
    public CancellationToken Cancel => cancel;

    /// <summary>
    /// Where a training may run whose result is the same experiment anywhere ("cpu", "cuda"): not part of the unit's key, but a unit that asks has it written beside its result.
    /// </summary>
    public string Device
    {
        get
        {
            Placed = device;
            return device;
        }
    }

    /// <summary>The device that the unit asked for; "cpu" where it did not ask.</summary>
    public string Placed { get; private set; } = "cpu";

    /// <summary>What a needed unit found.</summary>
    public JsonObject Found(Unit needed) => Line(needed).Found;

    /// <summary>The blob that a needed unit left.</summary>
    public byte[] Blob(Unit needed)
    {
        using Stream stream = places.Blobs.Open(new BlobId(Line(needed).Blob ?? throw new InvalidOperationException($"{needed.Id} leaves no blob")));
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Where a cut run of this very unit stood, or null.</summary>
    public Stream? Checkpoint() => File.Exists(places.Checkpoint(unit)) ? File.OpenRead(places.Checkpoint(unit)) : null;

    public void Save(Action<Stream> write) => AtomicFile.Write(places.Checkpoint(unit), write);

    private UnitLine Line(Unit needed) => unit.Needs.Contains(needed) ? store.Find(needed) ?? throw new InvalidOperationException($"{unit.Id} runs before {needed.Id}")
        : throw new InvalidOperationException($"{unit.Id} does not name {needed.Id} among its needs, so its key would not change with it");
}
