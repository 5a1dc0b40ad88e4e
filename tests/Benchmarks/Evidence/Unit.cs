using System.Text.Json.Nodes;

namespace Hone.Benchmarks.Evidence;

/// <summary>What a unit found: a small JSON object that is kept beside the method, and maybe a big blob (weights) that stays in the user's cache.</summary>
internal sealed record UnitResult(JsonObject Found, byte[]? Blob = null);

/// <summary>A named, deterministic piece of work. Its key is the hash of all that its result depends on, the units that it needs included; equal keys are equal units.</summary>
internal sealed class Unit : IEquatable<Unit>
{
    private readonly Lazy<string> _key;

    /// <param name="id">Parts joined by '/', the first naming the sort of work; unique within a method's evidence.</param>
    /// <param name="inputs">Everything that the result depends on besides <paramref name="needs"/>.</param>
    /// <param name="cost">Stated before the run.</param>
    /// <param name="needs">Units whose results or blobs it reads.</param>
    /// <param name="work">Runs on a thread of its own; the same inputs always give the same result.</param>
    /// <param name="leavesBlob">Whether the result comes with a blob.</param>
    public Unit(string id, JsonObject inputs, Cost cost, IReadOnlyList<Unit> needs, Func<UnitRun, UnitResult> work, bool leavesBlob = false)
    {
        (Id, Cost, Needs, Work, LeavesBlob) = (id, cost, needs, work, leavesBlob);
        _key = new(() => CanonicalJson.Hash(new JsonObject
        {
            ["id"] = id, ["inputs"] = inputs.DeepClone(), ["needs"] = new JsonArray([.. needs.Select(n => (JsonNode)n.Key)]),
        }));
    }

    public string Id { get; }

    public string Key => _key.Value;

    public Cost Cost { get; }

    public IReadOnlyList<Unit> Needs { get; }

    public Func<UnitRun, UnitResult> Work { get; }

    public bool LeavesBlob { get; }

    /// <summary>The sort of work, for sums.</summary>
    public string Sort => Id.Split('/')[0];

    public bool Equals(Unit? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as Unit);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Id;
}
