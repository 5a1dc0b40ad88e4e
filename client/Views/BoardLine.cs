using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>A modelled board, with the engines that fit when 50 and when 197 columns stream: small images, and 224 x 224 pixels.</summary>
internal sealed record BoardLine(Board Board, int Engines, IReadOnlyList<Engine> Fit50, IReadOnlyList<Engine> Fit197)
{
    public static BoardLine Of(Board board)
    {
        var device = new FpgaDevice(board);
        return new BoardLine(board, device.Engines.Length, device.Fitting(50), device.Fitting(197));
    }

    public JsonObject Json() => new()
    {
        ["name"] = Board.Name, ["part"] = Board.Part, ["origin"] = "Modelled",
        ["dsp"] = Board.Dsp, ["lut"] = Board.Lut, ["ff"] = Board.FlipFlops, ["bram18"] = Board.Bram18,
        ["caps_percent"] = new JsonObject { ["dsp"] = Board.Caps.Dsp, ["lut"] = Board.Caps.Lut, ["ff"] = Board.Caps.FlipFlops, ["bram18"] = Board.Caps.Bram18 },
        ["clock_mhz"] = Board.ClockMHz, ["memory_gb_s"] = Board.Ddr.BytesPerSecond / 1e9, ["sources"] = Board.Sources,
        ["engines"] = Engines, ["fit_50"] = Names(Fit50), ["fit_197"] = Names(Fit197), ["covers"] = FpgaDevice.CoverageSummary,
    };

    public static Table Table(IEnumerable<BoardLine> boards)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "board", "part", "DSP", "LUT", "FF", "BRAM18", "MHz", "GB/s", "engines", "fit n=50", "fit n=197" }) table.AddColumn(column);
        for (int number = 2; number < table.Columns.Count; number++) table.Columns[number].Alignment = Justify.Right;
        foreach (BoardLine b in boards)
            table.AddRow(b.Board.Name, b.Board.Part, Number(b.Board.Dsp), Number(b.Board.Lut), Number(b.Board.FlipFlops), Number(b.Board.Bram18),
                Number(b.Board.ClockMHz), Number(b.Board.Ddr.BytesPerSecond / 1e9), Number(b.Engines), Number(b.Fit50.Count), Number(b.Fit197.Count));
        return table;
    }

    private static JsonArray Names(IEnumerable<Engine> engines) => new([.. engines.Select(e => (JsonNode)e.Name)]);

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}
