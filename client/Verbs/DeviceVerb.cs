using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Views;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone device</c>: the boards that are modelled, and the model beside what was published.</summary>
internal static class DeviceVerb
{
    public static Command Create(Terminal terminal) => new("device", "Modelled devices.") { List(terminal), Calibrate(terminal) };

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
