using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Studies;

/// <summary>Canonical specification text, as jobs and grains carry it.</summary>
public static class SpecText
{
    /// <exception cref="SpecException">Not a specification.</exception>
    public static StudySpec Parse(string canonical) => StudySpec.Parse(
        JsonNode.Parse(canonical) as JsonObject ?? throw new SpecException("expected a study as a JSON object"));
}
