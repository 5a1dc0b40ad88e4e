using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Contracts;

/// <summary>A committed trial and its canonical line (without line end).</summary>
public sealed record TrialLine(Trial Trial, string Line)
{
    /// <summary>The trial that a line of trials.jsonl tells of.</summary>
    /// <exception cref="HoneException">Not such a line.</exception>
    public static TrialLine Parse(string line)
    {
        try
        {
            JsonObject read = JsonNode.Parse(line)!.AsObject();
            return new TrialLine(new Trial((int)read["ordinal"]!, (string)read["key"]!, OutcomeOf(read), (int?)read["fidelity"], (int?)read["retryOf"]), line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new HoneException($"expected a line of trials.jsonl, got '{(line.Length > 60 ? line[..60] + "..." : line)}'; use one Hone for all silos and commands", e);
        }
    }

    private static Outcome OutcomeOf(JsonObject line)
    {
        if (line["measurements"] is { } measurements) return new Outcome.Evaluated(measurements.Deserialize<ValueList<Measurement>>(StudyJson.Options));
        if (line["rejected"] is { } why) return new Outcome.Rejected(new Rejection((string)why["constraint"]!, (string)why["reason"]!));
        if (line["duplicate"] is { } of) return new Outcome.Duplicate((int)of);
        return new Outcome.Failed((string)line["failed"]!["code"]!, (string)line["failed"]!["message"]!);
    }
}

/// <summary>What of a <see cref="TrialLine"/> travels: its line, which holds the trial.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.trial-line")]
public readonly record struct TrialLineText([property: Id(0)] string Line);

/// <summary>A trial travels once, as its line.</summary>
[RegisterConverter]
public sealed class TrialLineConverter : IConverter<TrialLine, TrialLineText>
{
    public TrialLine ConvertFromSurrogate(in TrialLineText surrogate) => TrialLine.Parse(surrogate.Line);

    public TrialLineText ConvertToSurrogate(in TrialLine value) => new(value.Line);
}
