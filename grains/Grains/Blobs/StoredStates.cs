using System.Text;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Studies;
using Orleans.Storage;

namespace Hone.Grains.Blobs;

/// <summary>The states of all studies and of their shared trainings as they are stored: what memory holds is never ahead of it, and no grain is woken.</summary>
internal sealed class StoredStates(IGrainStorage storage, IGrainFactory grains)
{
    /// <summary>Every blob that is needed now.</summary>
    /// <exception cref="HoneException">A study that is not trained yet cannot be opened by this build, so what its training needs is not known.</exception>
    public async Task<HashSet<BlobId>> Reachable()
    {
        List<StudyState> studies = [];
        Dictionary<string, SupernetState> supernets = [];
        Dictionary<string, AdmmSolverState> solvers = [];
        foreach (string name in (await grains.GetGrain<IStudyIndexGrain>("all").All()).AsEnumerable())
        {
            StudyState study = await Read<StudyState>("study", grains.GetGrain<IStudyGrain>(name).GetGrainId());
            studies.Add(study);
            if (SupernetOf(name, study) is { } key && !supernets.ContainsKey(key))
                supernets[key] = await Read<SupernetState>("supernet", grains.GetGrain<ISupernetGrain>(key).GetGrainId());
        }
        foreach (string key in studies.SelectMany(s => s.Solvers))
            if (!solvers.ContainsKey(key)) solvers[key] = await Read<AdmmSolverState>("solver", grains.GetGrain<IAdmmSolverGrain>(key).GetGrainId());
        return Blobs.Reachable.Of(studies, supernets.Values, solvers.Values, DataCatalog.Default);
    }

    private static string? SupernetOf(string name, StudyState study)
    {
        if (study.Spec is null) return null;
        try
        {
            return BlobId.Of(Encoding.UTF8.GetBytes(StudyCatalog.Open(SpecText.Parse(study.Spec)).Shared)).Hex;
        }
        catch (Exception e) when (e is HoneException or System.Text.Json.JsonException)
        {
            return study.Shared is not null ? null   // its training is over, and the weights are named by the study
                : throw new HoneException($"{name}: expected a study that this build can open ({e.Message}); nothing is let go until the Hone that submitted it has trained it");
        }
    }

    private async Task<T> Read<T>(string name, GrainId grain)
        where T : new()
    {
        var state = new GrainState<T>(new T());
        await storage.ReadStateAsync(name, grain, state);
        return state.State ?? new T();
    }
}
