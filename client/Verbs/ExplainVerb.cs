using System.CommandLine;
using System.Text.Json;
using Hone.Client.Cluster;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone explain</c>: where a candidate's latency goes, and why it was rejected or dominated.</summary>
internal static class ExplainVerb
{
    public static Command Create(Terminal terminal)
    {
        var key = new Argument<string>("KEY") { Description = "a trial's ordinal, or a candidate's key as trials.jsonl shows it" };
        var study = new Option<string?>("--study") { Description = "the study's name (default: the only one there)" };
        var command = new Command("explain", "Say where a candidate's latency goes and why it was rejected or dominated; a key never asked for is priced too.") { key, study };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            Explained explained = await ClusterVisit.AskAsync(place.Of(parsed),
                async cluster => await cluster.Study(parsed.GetValue(study) ?? await Only(cluster)).Explain(parsed.GetValue(key)!), cancel);
            if (explained.Explanation is not { } explanation) throw explained.ExitCode == ErrorLine.Usage ? new SpecException(explained.Error!) : new HoneException(explained.Error!);
            if (parsed.Json()) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(explanation, JsonView.Options));
            else ExplanationText.Write(explanation, terminal.Screen);
            return 0;
        });
        return command;
    }

    private static async Task<string> Only(ICluster cluster)
    {
        IReadOnlyList<string> names = await cluster.Names();
        return names.Count == 1 ? names[0] : throw new SpecException($"--study: expected the name of a study, got none and there are {names.Count}"
            + (names.Count > 0 ? $": {string.Join(", ", names)}" : "; `hone run STUDY.yaml` starts one"));
    }
}
