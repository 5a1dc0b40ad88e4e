using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>
/// The numbers that the page's script draws, as columns. Names are HTML already, since plotly reads a small HTML of its own; the texts that
/// hovering shows are put together from the columns.
/// </summary>
internal static class ReportData
{
    private const int MostFigures = 8, MostGenes = 24;

    public static JsonObject Of(FrontFile front, TrialColumns trials)
    {
        FrontPlot plot = FrontPlot.Of(front, new TrialColumns(front.Objectives));
        Thinning drawn = Thinning.Of(trials.X, trials.Y);
        Point[] members = [.. front.Members.Where(m => m.Value(plot.Upward.Metric) is not null && X(m, plot) is not null).OrderBy(m => X(m, plot))];
        var corners = plot.Stepped ? plot.Steps().ToList() : [];
        return new JsonObject
        {
            ["xTitle"] = Html.Text(FrontPlot.Label(plot.Across)), ["yTitle"] = Html.Text(FrontPlot.Label(plot.Upward)),
            ["trials"] = new JsonObject
            {
                ["n"] = Whole(drawn.Index.Select(i => trials.Ordinals[i])), ["x"] = Numbers(drawn.Index.Select(i => trials.X[i])), ["y"] = Numbers(drawn.Index.Select(i => trials.Y[i])),
                ["count"] = Whole(drawn.StandsFor),
                ["genes"] = new JsonArray([.. trials.Genes.Take(MostGenes).Select(g => (JsonNode)new JsonObject
                {
                    ["name"] = Html.Text(g.Name), ["values"] = new JsonArray([.. g.Values.Select(v => (JsonNode)Html.Text(v))]), ["at"] = Whole(drawn.Index.Select(i => g.At[i])),
                })]),
            },
            ["front"] = new JsonObject
            {
                ["n"] = Whole(members.Select(m => m.Ordinal)), ["x"] = Numbers(members.Select(m => X(m, plot)!.Value)), ["y"] = Numbers(members.Select(m => m.Value(plot.Upward.Metric)!.Value)),
                ["text"] = new JsonArray([.. members.Select(m => (JsonNode)Hover(m))]),
            },
            ["steps"] = new JsonObject { ["x"] = Numbers(corners.Select(c => c.X)), ["y"] = Numbers(corners.Select(c => c.Y)) },
        };
    }

    private static double? X(Point member, FrontPlot plot) => plot.Across == FrontPlot.Ordinal ? member.Ordinal : member.Value(plot.Across.Metric);

    // Six digits are more than a picture resolves.
    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => (JsonNode)double.Parse(v.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))]);

    private static JsonArray Whole(IEnumerable<int> values) => new([.. values.Select(v => (JsonNode)v)]);

    /// <summary>What hovering a member shows.</summary>
    private static string Hover(Point point) =>
        $"<b>trial {point.Ordinal}</b><br>"
        + string.Join("<br>", point.Measurements.Take(MostFigures).Select(m => $"{Html.Text(m.Metric)} {Html.Text(Digits.With(m.Value, m.Unit))}{(m.Spread is { } s ? $" \u00b1 {Digits.Short(s)}" : "")} ({Html.Text(Known.When(m))})"))
        + "<br>" + string.Join("<br>", point.Genes.Take(MostGenes).Select(g => $"{Html.Text(g.Name)} = {Html.Text(g.Value)}").Chunk(3).Select(row => string.Join(", ", row)));
}
