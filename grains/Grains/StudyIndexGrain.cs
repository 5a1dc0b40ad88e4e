using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains;

/// <summary>The names of all studies, and which of them run.</summary>
[GenerateSerializer]
[Alias("hone.index-state")]
public sealed class IndexState
{
    [Id(0)]
    public SortedDictionary<string, bool> Studies { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>The list of studies that the watchdog and <c>hone list</c> read.</summary>
public sealed class StudyIndexGrain([PersistentState("index")] IPersistentState<IndexState> index) : Grain, IStudyIndexGrain
{
    public async Task Add(string study, bool running)
    {
        if (index.State.Studies.TryGetValue(study, out bool known) && known == running) return;
        index.State.Studies[study] = running;
        await index.WriteStateAsync();
    }

    public Task<ValueList<string>> All() => Task.FromResult(index.State.Studies.Keys.ToValueList());

    public Task<ValueList<string>> Running() => Task.FromResult(index.State.Studies.Where(s => s.Value).Select(s => s.Key).ToValueList());
}
