using System.Text.Json;
using Hone.Model;
using Hone.Quantum.CompVqc;

namespace Hone.Studies.CompVqc;

/// <summary>The pure side: space, lowering and the name of the trained circuits that candidates begin with.</summary>
internal sealed class CompVqcStudy(StudySpec spec, CompVqcSettings settings) : IStudy
{
    public StudySpec Spec => spec;

    public CompVqcSettings Settings => settings;

    public SearchSpace Space { get; } = CompVqcSpace.Build(settings.Choices);

    // Machines are part of it: which one a candidate is compressed for is known by its name alone, and its evaluation prices it on all of them.
    public string Shared => $"compvqc 1/{spec.Data.Name}/{spec.Data.Path}/{spec.Seed}/{JsonSerializer.Serialize(settings, StudyJson.Options)}/"
        + string.Join(';', spec.Devices.Select(d => $"{d.Name}?{StudyJson.Canonical(d.Options)}"));

    public int SearchImages => settings.Counts.Validation;

    public bool Trains => true;

    public bool Solves => true;

    public bool PricedByEvaluation => true;

    public Workload Lower(Candidate candidate) =>
        CompVqcWorkload.Dense(new VqcModel(settings.Of(CompVqcSpace.Of(candidate, settings.Choices).Circuit), settings.Features, settings.Classes), settings.Shots, candidate.Key);

    public IStudyWork Work(WorkPlace place) => new CompVqcWork(this, settings, place);
}
