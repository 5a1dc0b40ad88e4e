using System.Text.Json;
using Hone.Model;
using Hone.Neural.Vit.TriLevel;

namespace Hone.Studies.TriLevel;

/// <summary>The pure side: space, lowering and the name of what candidates have in common.</summary>
internal sealed class TriLevelStudy(StudySpec spec, TriLevelSettings settings) : IStudy
{
    public StudySpec Spec => spec;

    public TriLevelSettings Settings => settings;

    public SearchSpace Space { get; } = TriLevelSpace.Build(settings.Removed, settings.Keep, settings.Links);

    public string Shared => $"tri-level 1/{spec.Data.Name}/{spec.Data.Path}/{spec.Data.Train}/{settings.Counts.Validation}/{JsonSerializer.Serialize(settings.Config, StudyJson.Options)}";

    public int SearchImages => settings.Counts.Search;

    public bool Trains => true;

    public Workload Lower(Candidate candidate) => TriLevelWorkload.Lower(TriLevelSpace.Config(candidate, settings.Config), NumberFormat.Int(settings.Bits), candidate.Key);

    public IStudyWork Work(WorkPlace place) => new TriLevelWork(this, settings, place);
}
