using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Node;

namespace Hone.Client.Verbs;

/// <summary><c>hone device</c>: the boards that are modelled, the model beside what was published, and this machine as a device.</summary>
internal static class DeviceVerb
{
    public static Command Create(Terminal terminal) => new("device", "Devices: modelled and measured.") { List(terminal), Attach(terminal), Calibrate(terminal) };

    private static Command List(Terminal terminal)
    {
        var list = new Command("list", "List the modelled boards: their figures, where these come from, how many engines fit, what is covered.");
        list.SetAction(async (parsed, _) =>
        {
            BoardLine[] boards = [.. BoardCatalog.All.Select(BoardLine.Of)];
            if (parsed.Json()) await Json(terminal, new JsonArray([.. boards.Select(b => b.Json())]));
            else
            {
                terminal.Screen.Write(BoardLine.Table(boards));
                foreach (BoardLine board in boards) await terminal.Out.WriteLineAsync($"{board.Board.Name}: {board.Board.Sources}");
                await terminal.Out.WriteLineAsync($"Each board {FpgaDevice.CoverageSummary}. Every latency is modelled, never measured.");
            }
            return 0;
        });
        return list;
    }

    private static Command Attach(Terminal terminal)
    {
        var name = new Option<string>("--name") { Description = "the device's name, as studies write it: devices: [{name: NAME, kind: attached}]", Required = true };
        var server = new Option<string>("--server") { Description = "a silo's HTTP address, such as https://hone.example:8443, or the data folder of one that runs here", Required = true };
        var token = new Option<string?>("--token") { Description = "of the role device:NAME or operator; better $HONE_TOKEN or --token-file, which other users of the machine cannot see" };
        var tokenFile = new Option<string?>("--token-file") { Description = "a file that holds the token (a silo of this machine: found by itself)" };
        var ca = new Option<string?>("--ca") { Description = "certificates (PEM) to trust in place of the system's" };
        Option<string> dataDir = VerbOptions.DataDir();
        Option<int> threads = NodeCommand.Threads();
        var attach = new Command("attach", "Make this machine measure for a cluster, under a device's name, until it is interrupted.") { server, name, token, tokenFile, ca, threads, dataDir };
        attach.SetAction(async (parsed, _) =>
        {
            ServerOption place = ServerOption.Parse(parsed.GetValue(server)!, parsed.GetValue(token), parsed.GetValue(tokenFile), parsed.GetValue(ca), parsed.GetValue(dataDir)!);
            using var signals = new StopSignals(() => { }, () => { });
            return await NodeSession.RunAsync(new NodeOptions(place.Address, place.Token, parsed.GetValue(name)!, place.Authorities, parsed.GetValue(threads), parsed.Json()), terminal.Out, signals.Token);
        });
        return attach;
    }

    private static Command Calibrate(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = $"a board (published points: {string.Join(", ", PublishedPoints.Boards)})" };
        var published = new Option<bool>("--published") { Description = "the model beside every published point, fitted and predicted apart" };
        var calibrate = new Command("calibrate", "Hold the model of a device against figures from elsewhere.") { name, published };
        calibrate.SetAction(async (parsed, _) =>
        {
            string board = parsed.GetValue(name)!;
            BoardCatalog.Find(board);
            if (!parsed.GetValue(published)) throw new SpecException($"device calibrate {board}: expected --published, got no source to calibrate by; a modelled board has published points only");
            CalibrationTable table = PublishedPoints.Compare(board);
            if (parsed.Json()) await Json(terminal, CalibrationView.Json(table));
            else
            {
                terminal.Screen.Write(CalibrationView.Table(table));
                foreach (string line in CalibrationView.Lines(table)) await terminal.Out.WriteLineAsync(line);
            }
            return 0;
        });
        return calibrate;
    }

    private static Task Json(Terminal terminal, JsonNode node) => terminal.Out.WriteLineAsync(node.ToJsonString(JsonView.Options));
}
