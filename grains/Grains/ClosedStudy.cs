using Hone.Contracts;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains;

/// <summary>What is said of a study that cannot be opened: its journal cannot be read, or this build refuses its specification.</summary>
internal static class ClosedStudy
{
    public static StudyStatus Status(string name, StudyState state, string blobRoot, string why)
    {
        StudySpec? spec = Spec(state);
        return new(name, spec?.Method ?? "", state.Phase, state.Reason is { } known && known != why ? $"{known}; its trials cannot be shown: {why}" : why, null, 1,
            new TrialCounts(0, 0, 0, 0, 0), spec?.Budget.Trials ?? 0, null, state.Artifacts, blobRoot, spec?.Objectives ?? []);
    }

    private static StudySpec? Spec(StudyState state)
    {
        try
        {
            return SpecText.Parse(state.Spec!);
        }
        catch (Exception e) when (e is HoneException or System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
