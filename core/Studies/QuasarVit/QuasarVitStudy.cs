using System.Text.Json;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Studies.QuasarVit;

/// <summary>The pure side: space, lowering and the name of what is shared.</summary>
internal sealed class QuasarVitStudy(StudySpec spec, QuasarVitSettings settings) : IStudy
{
    public StudySpec Spec => spec;

    public QuasarVitSettings Settings => settings;

    public SearchSpace Space { get; } = QuasarVitSpace.Build(settings.Config);

    public string Shared => $"quasar-vit 3/{spec.Data.Name}/{spec.Data.Path}/{settings.ValidationImages}/{JsonSerializer.Serialize(settings.Config, StudyJson.Options)}";

    public int Shards => settings.Config.Rounds?.Shards ?? 1;

    public int SearchImages => settings.SearchImages;

    public Workload Lower(Candidate candidate) => QuasarVitWorkload.Lower(QuasarVitGenome.From(candidate), settings.Config, candidate.Key);

    public IStudyWork Work(WorkPlace place) => new QuasarVitWork(this, settings, place);
}
