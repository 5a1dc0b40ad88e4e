using System.CommandLine;
using Hone.Client.Cluster;
using Hone.Client.Server;
using Hone.Client.Specs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone watch</c>: follows a study of a running cluster and writes what <c>run</c> writes.</summary>
internal static class WatchVerb
{
    public static Command Create(Terminal terminal)
    {
        var study = new Argument<string>("STUDY") { Description = "its name" };
        Option<string?> @out = VerbOptions.Out("folder for the results (default: out/STUDY)");
        var command = new Command("watch", "Follow a study and write its results, as `run` does; survives the death of any silo.") { study, @out };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            ClusterPlace where = place.Of(parsed);
            string name = parsed.GetValue(study)!, folder = where.DataDir;
            var follow = new FollowStep(terminal, name, parsed.GetValue(@out) ?? Path.Combine("out", name), parsed.Json());
            if (where.Server is { } server) return await follow.RunAsync(new ServerSession(server), null, () => { });
            if (await ClusterVisit.RunningAsync(folder, where.Cluster, cancel) is { } running) return await follow.RunAsync(new RemoteSession(running), null, () => { });
            LocalSession session = ClusterVisit.Control(folder);
            try
            {
                StudyStatus status = await (await session.OpenAsync(name, cancel)).Status();
                if (status.Error is { } error) throw new HoneException(error);
                if (status.Phase is StudyPhase.Prepare or StudyPhase.Search or StudyPhase.Finish)
                    throw new HoneException($"expected a running cluster, none runs on {folder} and {name} is not done; `hone run` goes on with it");
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
            return await follow.RunAsync(session, null, session.Kill);
        });
        return command;
    }
}
