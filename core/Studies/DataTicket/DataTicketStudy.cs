using System.Text.Json;
using Hone.Model;
using Hone.Neural.Vit.DataTicket;

namespace Hone.Studies.DataTicket;

/// <summary>The pure side: space, lowering and the name of the selector that students share.</summary>
internal sealed class DataTicketStudy(StudySpec spec, DataTicketSettings settings) : IStudy
{
    public StudySpec Spec => spec;

    public DataTicketSettings Settings => settings;

    public SearchSpace Space { get; } = DataTicketSpace.Build(settings.Config);

    public string Shared => $"data-ticket 1/{spec.Data.Name}/{spec.Data.Path}/{spec.Data.Train}/{settings.Counts.Validation}/{JsonSerializer.Serialize(settings.Config, StudyJson.Options)}";

    public int SearchImages => settings.Counts.Search;

    public bool Trains => true;

    public Workload Lower(Candidate candidate) => DataTicketWorkload.Lower(DataTicketSpace.Of(candidate, settings.Config), settings.Config, NumberFormat.Int(settings.Bits), candidate.Key);

    public IStudyWork Work(WorkPlace place) => new DataTicketWork(this, settings, place);
}
