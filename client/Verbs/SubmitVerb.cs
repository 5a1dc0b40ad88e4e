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
        var command = new Command("submit", "Hand a study to a running cluster; `hone watch` follows it.") { study };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            StudyFile file = StudyFile.Load(parsed.GetValue(study)!);
            ClusterPlace where = place.Of(parsed);
            if (where.Server is null && await ClusterVisit.RunningAsync(where.DataDir, where.Cluster, cancel) is null)
                throw new HoneException($"expected a running cluster, none runs on {where.DataDir}; use `hone run`, or name one by --cluster or --server");
            StudyStatus status = await ClusterVisit.AskOnceAsync(where, cluster => cluster.Study(file.Spec.Study).Submit(file.Canonical), cancel);
            if (status.Error is { } error) throw status.ExitCode == ErrorLine.Usage ? new SpecException($"{file.Path}: {error}") : new HoneException(error);
            await terminal.Out.WriteLineAsync(parsed.Json() ? JsonView.Of(status).ToJsonString(JsonView.Options) : $"{status.Study}: submitted, {Words.Of(status.Phase)}");
            return 0;
        });
        return command;
    }
}
