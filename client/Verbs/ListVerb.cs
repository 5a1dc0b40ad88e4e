using System.CommandLine;
using Hone.Client.Cluster;

namespace Hone.Client.Verbs;

/// <summary><c>hone list</c>: the studies that a cluster or data folder knows.</summary>
internal static class ListVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<string> dataDir = VerbOptions.DataDir();
        Option<string?> cluster = VerbOptions.Cluster();
        var command = new Command("list", "List the studies of a data folder or a cluster.") { dataDir, cluster };
        command.SetAction(async (parsed, cancel) =>
        {
            return await StatusVerb.Show(terminal, await ClusterVisit.AskAsync(parsed.GetValue(dataDir)!, parsed.GetValue(cluster), StatusVerb.AllAsync, cancel), parsed.Json());
        });
        return command;
    }
}
