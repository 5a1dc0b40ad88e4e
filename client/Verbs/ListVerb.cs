using System.CommandLine;
using Hone.Client.Cluster;

namespace Hone.Client.Verbs;

/// <summary><c>hone list</c>: the studies that a cluster or data folder knows.</summary>
internal static class ListVerb
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("list", "List the studies of a data folder or a cluster.");
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            return await StatusVerb.Show(terminal, await ClusterVisit.AskAsync(place.Of(parsed), cluster => cluster.Studies(), cancel), parsed.Json());
        });
        return command;
    }
}
