using Hone.Contracts;
using Hone.Grains.Placement;
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
[ControlOnly]
public sealed class StudyIndexGrain([PersistentState("index")] IPersistentState<IndexState> index) : Grain, IStudyIndexGrain
{
    public Task Add(string study, bool running) => index.State.Studies.TryGetValue(study, out bool known) && known == running ? Task.CompletedTask
        : index.Write(new IndexState { Studies = new(index.State.Studies, StringComparer.Ordinal) { [study] = running } });

    public Task<ValueList<string>> All() => Task.FromResult(index.State.Studies.Keys.ToValueList());

    public Task<ValueList<string>> Running() => Task.FromResult(index.State.Studies.Where(s => s.Value).Select(s => s.Key).ToValueList());
}
