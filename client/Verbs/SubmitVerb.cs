using System.CommandLine;
using Hone.Client.Cluster;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone submit</c>: hands a study to a running cluster and returns.</summary>
internal static class SubmitVerb
{
    public static Command Create(Terminal terminal)
    {
        var study = new Argument<string>("STUDY.yaml") { Description = "the study file" };
        Option<string> dataDir = VerbOptions.DataDir();
        Option<string?> cluster = VerbOptions.Cluster();
        var command = new Command("submit", "Hand a study to a running cluster; `hone watch` follows it.") { study, dataDir, cluster };
        command.SetAction(async (parsed, cancel) =>
        {
            StudyFile file = StudyFile.Load(parsed.GetValue(study)!);
            string folder = parsed.GetValue(dataDir)!;
            ClusterOption running = await ClusterVisit.RunningAsync(folder, parsed.GetValue(cluster), cancel)
                ?? throw new HoneException($"expected a running cluster, none runs on {folder}; use `hone run`, or name one by --cluster");
            await using ClusterConnection connection = await ClusterConnection.OpenAsync(running, TimeSpan.FromSeconds(30), cancel);
            StudyStatus status = await connection.Grains.GetGrain<IStudyGrain>(file.Spec.Study).Submit(file.Canonical);
            if (status.Error is { } error) throw status.ExitCode == ErrorLine.Usage ? new SpecException($"{file.Path}: {error}") : new HoneException(error);
            await terminal.Out.WriteLineAsync(parsed.Json() ? JsonView.Of(status).ToJsonString(JsonView.Options) : $"{status.Study}: submitted, {Words.Of(status.Phase)}");
            return 0;
        });
        return command;
    }
}
