using Hone.Model;

namespace Hone.Grains.Journal;

/// <summary>A committed trial with what finishing needs of it and people do not: which ranking images were right.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.entry")]
public sealed record JournalEntry([property: Id(0)] Trial Trial, [property: Id(1)] byte[]? Correct);

/// <summary>Up to 256 entries, written once under a key of its own.</summary>
[GenerateSerializer]
[Alias("hone.page")]
public sealed class JournalPage
{
    [Id(0)]
    public List<JournalEntry> Entries { get; set; } = [];
}
