using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone export</c>: writes what <c>run</c> writes, from a finished study and without computing anything.</summary>
internal static class ExportVerb
{
    public static Command Create(Terminal terminal)
    {
        var study = new Argument<string>("STUDY") { Description = "its name" };
        var @out = new Option<string>("--out") { Description = "folder for the results", Required = true };
        var members = new Option<string?>("--members") { Description = "trial numbers as `hone front` shows them, such as 3,17: only these models (default: all)" };
        var command = new Command("export", "Write the results of a finished or stopped study, as `run` does, without computing them again.") { study, @out, members };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            IReadOnlyList<int>? wanted = parsed.GetValue(members) is { } text ? MemberChoice.Parse(text) : null;
            await using IStudySession session = ClusterVisit.Session(place.Of(parsed));
            return await Write(terminal, session, new Request(parsed.GetValue(study)!, parsed.GetValue(@out)!, wanted, parsed.Json()), cancel);
        });
        return command;
    }

    internal sealed record Request(string Study, string Folder, IReadOnlyList<int>? Members, bool Json);

    internal static async Task<int> Write(Terminal terminal, IStudySession session, Request request, CancellationToken cancel)
    {
        StudyStatus status = RequestStep.Accepted(await (await session.OpenAsync(request.Study, cancel)).Status());
        FrontFile front = FrontFile.Parse(await StoredFront.TextAsync(status, session, cancel), request.Study);
        ValueList<Artifact> files = request.Members is { } wanted ? MemberChoice.Of(status.Artifacts, front, wanted) : status.Artifacts;
        string[] models = [.. files.Select(f => f.Path.Split('/')).Where(p => p is ["models", _, ..]).Select(p => $"models/{p[1]}").Distinct()];
        using var results = new ResultFolder(request.Folder, TimeProvider.System);
        if (request.Members is not null && results.Models.Except(models).ToArray() is { Length: > 0 } others)
            throw new SpecException($"--members: expected a folder without other models, {request.Folder} has {string.Join(", ", others)}, which would be removed; choose another --out");
        // The trials of the front that is written, whatever the study has searched since.
        await new RunFollower(session, results, new QuietView(), TimeProvider.System).FollowAsync(request.Study, null, cancel, until: status.Counts.Committed);
        await ResultWriter.WriteAsync(results, status with { Artifacts = files }, session, cancel);
        if (request.Json)
        {
            JsonObject line = JsonView.Of(status);
            (line["out"], line["models"]) = (results.Root, new JsonArray([.. models.Select(m => (JsonNode)m)]));
            await terminal.Out.WriteLineAsync(line.ToJsonString(JsonView.Options));
        }
        else await terminal.Out.WriteLineAsync($"{request.Study}: {front.Members.Count} members on the front, {models.Length} models written; report {results.At("report.html")}");
        return 0;
    }
}
