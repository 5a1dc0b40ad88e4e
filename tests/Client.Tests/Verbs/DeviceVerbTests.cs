using System.Text.Json.Nodes;
using Hone.Client.Verbs;

namespace Hone.Client.Tests.Verbs;

public sealed class DeviceVerbTests
{
    private static async Task<(int Code, string Out, string Error)> Hone(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await HoneCommand.RunAsync(args, new Terminal(output, error, Live: false));
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public async Task TheListNamesEveryBoardWithItsFiguresAndWhereTheyComeFrom()
    {
        var (code, text, _) = await Hone("device", "list");
        Assert.Equal(0, code);
        foreach (string board in (string[])["zcu102", "zcu102-eighth", "zcu104", "kv260", "vck190"]) Assert.Contains($"\n{board}: ", text);
        foreach (string figure in (string[])["2,520", "899,840", "[recalled]", "[vendor", "refuses convolution", "never measured", "quantum/brisbane", "ecr, id, rz, sx, x"]) Assert.Contains(figure, text);
        Assert.Contains("quantum/quito", (await Hone("device", "list", "quantum/quito")).Out);
    }

    [Fact]
    public async Task TheListForMachinesNamesTheEnginesThatFit()
    {
        var (_, text, _) = await Hone("device", "list", "--json");
        JsonArray boards = JsonNode.Parse(text)!.AsArray();
        JsonNode eighth = boards.Single(b => (string)b!["name"]! == "zcu102-eighth")!;
        Assert.Equal((36, 30, 30), ((int)eighth["engines"]!, eighth["fit_50"]!.AsArray().Count, eighth["fit_197"]!.AsArray().Count));
        Assert.All(boards, b => Assert.NotEmpty((string)b!["sources"]!));
        JsonNode belem = boards.Single(b => (string)b!["name"]! == "quantum/belem")!;
        Assert.Equal((5, 8, 0.0127), ((int)belem["qubits"]!, (int)belem["pairs"]!, Math.Round((double)belem["entangler_error"]!, 4)));
    }

    [Fact]
    public async Task TheCalibrationKeepsFittedAndPredictedApartAndGivesNoMeanOfTwo()
    {
        var (code, text, _) = await Hone("device", "calibrate", "zcu102", "--published");
        Assert.Equal(0, code);
        foreach (string part in (string[])["22.31 ms", "+0.5 %", "+7.3 %", "+6.8 %", "[paper]", "[third party]", "plausibility only", "predicted (held out): n = 1: no mean; worst 7.3 % of 2 readings", "8.1 %, the worst of these, is a tie",
            "no Kendall tau: it needs 3 predicted points, n = 1", "t_blk 0.07 ms gives", "t_blk 0.30 ms gives", "of 6,144 (any bits: w4a6)", "6.32 GMAC (w8a8)", "2x96x8-w16a16"]) Assert.Contains(part, text);
        Assert.DoesNotContain("one block at keep", text);
        Assert.DoesNotContain("mean |error|", text);
    }

    [Fact]
    public async Task TheCalibrationForMachinesHoldsNoRecalledFigure()
    {
        var (_, text, _) = await Hone("device", "calibrate", "zcu102", "--published", "--json");
        JsonNode table = JsonNode.Parse(text)!;
        Assert.DoesNotContain(table["points"]!.AsArray(), p => (string)p!["provenance"]! == "recalled");
        Assert.Equal((1, 2), ((int)table["predicted"]!["n"]!, (int)table["predicted"]!["readings"]!));
        Assert.Null(table["predicted"]!["mean_percent"]);
        Assert.Equal((7.3, 8.1), (Math.Round((double)table["worst_held_out_percent"]!, 1), Math.Round((double)table["resolution_percent"]!, 1)));
        Assert.Null(table["kendall_tau"]);
        Assert.Contains("n = 1", (string)table["no_kendall_tau"]!);
    }

    [Theory]
    [InlineData("expected one of zcu102", "device", "calibrate", "kv260", "--published")]
    [InlineData("did you mean 'zcu102'", "device", "calibrate", "zcu-102", "--published")]
    [InlineData("expected --published", "device", "calibrate", "zcu102")]
    [InlineData("'list'", "device", "lits")]
    public async Task AWrongRequestExitsTwoAndSaysWhatIsThere(string says, params string[] args)
    {
        var (code, _, error) = await Hone(args);
        Assert.Equal(2, code);
        Assert.Contains(says, error);
        Assert.Single(error.Trim().Split('\n'));
    }
}
