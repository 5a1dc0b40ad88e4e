using System.Text.Json;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Studies.HeatVit;

/// <summary>The pure side: space, lowering and the name of what is shared.</summary>
internal sealed class HeatVitStudy(StudySpec spec, HeatVitSettings settings) : IStudy
{
    private readonly PruningConfig _pruning = settings.Config.Pruning;

    public StudySpec Spec => spec;

    public HeatVitSettings Settings => settings;

    public SearchSpace Space { get; } = PruningSpace.Build(settings.Config.Pruning);

    // Fine-tuning is each member's own.
    public string Shared => $"heatvit 1/{spec.Data.Name}/{spec.Data.Path}/{spec.Data.Train}/{settings.Counts.Validation}/"
        + JsonSerializer.Serialize(settings.Config with { Pruning = _pruning with { TuneEpochs = 0 } }, StudyJson.Options);

    public int SearchImages => settings.Counts.Search;

    public Workload Lower(Candidate candidate) => PruningWorkload.Lower(PruningSpace.Plan(candidate, _pruning), _pruning, candidate.Key);

    public IStudyWork Work(WorkPlace place) => new HeatVitWork(this, settings, place);
}
