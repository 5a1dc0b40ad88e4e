using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>Writes the table between the README's markers, and as JSON beside the units.</summary>
internal static class EvidenceReport
{
    private static readonly JsonSerializerOptions Indented = new(StudyJson.Options) { WriteIndented = true, NewLine = "\n" };

    /// <summary>A function of the kept results alone: a run that was cut and gone on with writes the same table.</summary>
    public static void Write(IEvidence evidence, UnitStore store, Places places)
    {
        var text = new StringBuilder();
        var parts = new JsonArray();
        foreach (EvidencePart part in evidence.Parts)
        {
            List<Unit> units = UnitOrder.All(part.Units.Value);
            List<UnitLine> lines = [.. units.Select(store.Find).OfType<UnitLine>()];
            bool complete = lines.Count == units.Count;
            Cost cost = units.Aggregate(default(Cost), (sum, u) => sum + u.Cost);
            List<EvidenceRow> rows = complete ? [.. part.Rows(new Findings(store))] : [];
            string done = string.Create(CultureInfo.InvariantCulture, $"{cost.Training:#,0} training passes and {cost.Evaluation:#,0} evaluated samples; "
                + $"{lines.Sum(l => l.Seconds) / 60:F0} worker minutes [measured], {lines.Count(l => !l.Idle)} of {lines.Count} units with a busy machine; {string.Join(", ", lines.Select(l => l.Numerics).Distinct().Order(StringComparer.Ordinal))}.");
            text.Append($"\n### {part.Title} (`--part {part.Name}`)\n\n");
            if (complete && rows.Count > 0) text.Append(EvidenceTable.Markdown(rows)).Append($"\n{done}\n");
            else if (!complete) text.Append(string.Create(CultureInfo.InvariantCulture, $"Not complete: {lines.Count} of {units.Count} units are done.\n"));
            text.Append('\n');
            foreach (string note in part.Notes) text.Append($"- {note}\n");
            parts.Add(new JsonObject
            {
                ["part"] = part.Name, ["title"] = part.Title, ["complete"] = complete, ["units"] = units.Count, ["done"] = lines.Count,
                ["trainingPasses"] = cost.Training, ["evaluatedSamples"] = cost.Evaluation, ["workerSeconds"] = Math.Round(lines.Sum(l => l.Seconds), 1),
                ["busyUnits"] = lines.Count(l => !l.Idle), ["rows"] = EvidenceTable.Json(rows), ["notes"] = new JsonArray([.. part.Notes.Select(n => (JsonNode)n)]),
            });
        }
        AtomicFile.Write(places.Table(evidence.Name), stream => stream.Write(Encoding.UTF8.GetBytes(
            new JsonObject { ["evidence"] = evidence.Name, ["parts"] = parts }.ToJsonString(Indented) + "\n")));
        string readme = places.Readme ?? Path.Combine(places.Folder, $"{evidence.Name}.md");
        string before = File.Exists(readme) ? File.ReadAllText(readme) : "";
        AtomicFile.Write(readme, stream => stream.Write(Encoding.UTF8.GetBytes(Between(before, evidence.Name, text.ToString()))));
    }

    /// <summary>The document with what stands between the markers replaced; without markers they are added at the end.</summary>
    /// <exception cref="HoneException">A begin without an end.</exception>
    public static string Between(string document, string name, string text)
    {
        string begin = $"<!-- evidence:{name} -->", end = "<!-- /evidence -->";
        int from = document.IndexOf(begin, StringComparison.Ordinal);
        if (from < 0) return $"{document}{(document.Length > 0 ? "\n" : "")}{begin}\n{text}\n{end}\n";
        int to = document.IndexOf(end, from, StringComparison.Ordinal);
        if (to < 0) throw new HoneException($"evidence: expected '{end}' after '{begin}' in the README, got none: put it back");
        return $"{document[..from]}{begin}\n{text}\n{document[to..]}";
    }
}
