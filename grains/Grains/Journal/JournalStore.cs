using Orleans.Storage;

namespace Hone.Grains.Journal;

/// <summary>
/// A study's journal: pages 0, 1, 2... under keys of their own. A page is written once; the first missing page is the end, so no counter
/// has to agree with the pages after a crash.
/// </summary>
public sealed class JournalStore(IGrainStorage storage, GrainId study)
{
    private int _next;

    /// <summary>Up to the last page.</summary>
    public Spent Spent { get; private set; }

    /// <summary>Reads every page from the first; the store then appends behind them.</summary>
    public async Task<List<JournalEntry>> ReadAll()
    {
        List<JournalEntry> entries = [];
        for (_next = 0; ; _next++)
        {
            var page = new GrainState<JournalPage>(new JournalPage());
            await storage.ReadStateAsync(Key(_next), study, page);
            if (!page.RecordExists || page.State is null) return entries;
            entries.AddRange(page.State.Entries);
            Spent = page.State.Spent;
        }
    }

    /// <summary>Appends entries as one or more pages; durable when it returns.</summary>
    public async Task Append(IReadOnlyList<JournalEntry> entries, Spent spent)
    {
        foreach (JournalPage page in JournalPage.Of(entries, spent))
        {
            await storage.WriteStateAsync(Key(_next), study, new GrainState<JournalPage>(page));
            _next++;
        }
    }

    private static string Key(int page) => $"page-{page:D6}";
}
