using System.Text.Json;
using Hone.Model;

namespace Hone.Grains.Journal;

/// <summary>A committed trial with what finishing needs of it and people do not: which ranking images were right.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.entry")]
public sealed record JournalEntry([property: Id(0)] Trial Trial, [property: Id(1)] byte[]? Correct)
{
    /// <summary>Bytes in storage, near enough: the trial travels as JSON.</summary>
    internal int Size => JsonSerializer.SerializeToUtf8Bytes(Trial, StudyJson.Options).Length + (Correct?.Length ?? 0) + 64;
}

/// <summary>Some entries, written once under a key of its own.</summary>
[GenerateSerializer]
[Alias("hone.page")]
public sealed class JournalPage
{
    /// <summary>Most entries of a page, and most bytes of more than one: state of a grain stays below 256 KB.</summary>
    public const int Most = 256, MostBytes = 192 << 10;

    [Id(0)]
    public List<JournalEntry> Entries { get; set; } = [];

    /// <summary>Time spent searching when it was written, over all restarts.</summary>
    [Id(1)]
    public TimeSpan Searched { get; set; }

    /// <summary>Time that slots spent on evaluations that were answered, when it was written.</summary>
    [Id(2)]
    public TimeSpan Slots { get; set; }

    /// <summary>What had been spent when it was written.</summary>
    public Spent Spent => new(Searched, Slots);

    /// <summary>Entries in as many pages as they need.</summary>
    internal static IEnumerable<JournalPage> Of(IReadOnlyList<JournalEntry> entries, Spent spent)
    {
        JournalPage page = New();
        int bytes = 0;
        foreach (JournalEntry entry in entries)
        {
            int size = entry.Size;
            if (page.Entries.Count == Most || (page.Entries.Count > 0 && bytes + size > MostBytes))
            {
                yield return page;
                (page, bytes) = (New(), 0);
            }
            page.Entries.Add(entry);
            bytes += size;
        }
        if (page.Entries.Count > 0) yield return page;

        JournalPage New() => new() { Searched = spent.Searched, Slots = spent.Slots };
    }
}
