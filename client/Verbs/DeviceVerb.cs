using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Quantum.Backends;

namespace Hone.Client.Verbs;

/// <summary><c>hone device</c>: what is modelled, what is attached, how well both are known, and this machine as a device.</summary>
internal static class DeviceVerb
{
    public static Command Create(Terminal terminal) => new("device", "Devices: modelled and measured.") { List(terminal), DeviceAttach.Create(terminal), DeviceCalibrate.Create(terminal), Detach(terminal) };

    private static Command List(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "only this one; of an attached one its nodes and what ran otherwise than stated, too", Arity = ArgumentArity.ZeroOrOne };
        var list = new Command("list", "List the modelled boards (figures, where these come from, how many engines fit) and quantum machines, and what is attached to a cluster that runs.") { name };
        PlaceOptions place = PlaceOptions.AddTo(list);
        list.SetAction(async (parsed, cancel) =>
        {
            string? only = parsed.GetValue(name);
            BoardLine[] boards = [.. BoardCatalog.All.Where(b => only is null || b.Name == only).Select(BoardLine.Of)];
            MachineLine[] machines = [.. BackendCatalog.All.AsEnumerable().Select(m => new MachineLine(m)).Where(m => only is null || m.Name == only)];
            DeviceLine[] attached = only is not null && boards.Length + machines.Length > 0 ? [] : [.. (await Attached(place.Of(parsed), cancel)).Where(d => only is null || d.Name == only)];
            if (boards.Length + machines.Length + attached.Length == 0) throw new HoneException($"{only}: expected a modelled board, a quantum machine or a device that is attached to a cluster that runs, there is none of that name; `hone device list` shows all");
            if (parsed.Json())
            {
                await terminal.Out.WriteLineAsync(new JsonArray([.. boards.Select(b => b.Json()), .. machines.Select(m => m.Json()), .. attached.Select(AttachedLine.Json)]).ToJsonString(JsonView.Options));
                return 0;
            }
            if (boards.Length > 0)
            {
                terminal.Screen.Write(BoardLine.Table(boards));
                foreach (BoardLine board in boards) await terminal.Out.WriteLineAsync($"{board.Board.Name}: {board.Board.Sources}");
                await terminal.Out.WriteLineAsync($"Each board {FpgaDevice.CoverageSummary}. Every latency is modelled, never measured.");
            }
            if (machines.Length > 0) terminal.Screen.Write(MachineLine.Table(machines));
            if (attached.Length > 0) terminal.Screen.Write(AttachedLine.Table(attached, TimeProvider.System.GetUtcNow()));
            if (only is not null) foreach (string line in attached.SelectMany(AttachedLine.More)) await terminal.Out.WriteLineAsync(line);
            return 0;
        });
        return list;
    }

    private static Command Detach(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "as `hone device list` shows it" };
        var detach = new Command("detach", "Send the nodes of an attached device away; what they measured stays.") { name };
        PlaceOptions place = PlaceOptions.AddTo(detach);
        detach.SetAction(async (parsed, cancel) =>
        {
            string device = parsed.GetValue(name)!;
            int nodes = await ClusterVisit.AskOnceAsync(place.Of(parsed), cluster => cluster.Devices.Detach(device), cancel);
            await terminal.Out.WriteLineAsync(parsed.Json() ? new JsonObject { ["device"] = device, ["nodes"] = nodes }.ToJsonString(JsonView.Options)
                : nodes == 0 ? $"{device}: no node is attached" : $"{device}: {nodes} node{(nodes == 1 ? "" : "s")} will end");
            return 0;
        });
        return detach;
    }

    // Boards need no cluster: none is started for the list.
    private static async Task<IReadOnlyList<DeviceLine>> Attached(ClusterPlace place, CancellationToken cancel) => place.IsRemote || ClusterAddress.IsHeld(place.DataDir)
        ? await ClusterVisit.AskAsync(place, cluster => cluster.Devices.Attached(), cancel) : [];
}
