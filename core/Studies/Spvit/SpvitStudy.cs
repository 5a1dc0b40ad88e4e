using System.Text.Json;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Studies.Spvit;

/// <summary>The pure side: space, lowering and the name of what is shared.</summary>
internal sealed class SpvitStudy(StudySpec spec, SpvitSettings settings) : IStudy
{
    public StudySpec Spec => spec;

    public SpvitSettings Settings => settings;

    public SearchSpace Space { get; } = PruningSpace.Build(settings.Config);

    // Fine-tuning is each member's own.
    public string Shared => $"{(settings.Checkpoint is null ? "" : $"{settings.Checkpoint}/")}spvit 1/{spec.Data.Name}/{spec.Data.Path}/{spec.Data.Train}/{settings.Counts.Validation}/{JsonSerializer.Serialize(settings.Config with { TuneEpochs = 0 }, StudyJson.Options)}";

    public int SearchImages => settings.Counts.Search;

    public Workload Lower(Candidate candidate) => PruningWorkload.Lower(PruningSpace.Plan(candidate, settings.Config), settings.Config, candidate.Key);

    public IStudyWork Work(WorkPlace place) => new SpvitWork(this, settings, place);
}
