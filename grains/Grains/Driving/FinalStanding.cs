using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Data;

namespace Hone.Grains.Driving;

/// <summary>What finishing made of the members that it chose, read from the results themselves: a demoted member was finished too, and is not exported.</summary>
internal sealed class FinalStanding
{
    private readonly int[] _members = [], _demoted = [];

    /// <param name="artifacts">Of the study; empty while it has not ended.</param>
    public FinalStanding(IEnumerable<Artifact> artifacts, IBlobStore blobs)
    {
        Artifact[] files = [.. artifacts];
        if (files.FirstOrDefault(f => f.Path == "front.json") is not { } file) return;
        using Stream text = blobs.Open(file.Blob);
        JsonNode front = JsonNode.Parse(text)!;
        int[] drawn = Ordinals(front["members"]);
        _members = [.. drawn.Where((_, i) => files.Any(f => f.Path.StartsWith($"models/{i + 1}/", StringComparison.Ordinal)))];   // a member's place is its folder
        _demoted = Ordinals(front["demoted"]);
    }

    /// <summary>Ordinals of the members on the final front whose exported files exist, in order.</summary>
    public IEnumerable<int> Exported => _members.Order();

    /// <summary>exported, demoted, or null when the trial was not chosen or the study has not ended.</summary>
    public string? Of(int ordinal) => _members.Contains(ordinal) ? "exported" : _demoted.Contains(ordinal) ? "demoted" : null;

    private static int[] Ordinals(JsonNode? list) => list is null ? [] : [.. list.AsArray().Select(m => (int)m!["ordinal"]!)];
}
