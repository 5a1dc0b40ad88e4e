using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Contracts;
using Hone.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hone.Client.Views;

/// <summary>A run's state as one screen: phase and progress, the best members so far, the front growing.</summary>
internal static class LiveScreen
{
    private const int BestMembers = 8, PlotColumns = 44, PlotRows = 10;

    /// <param name="state">Null before anything is known.</param>
    /// <param name="study">Its name.</param>
    /// <param name="columns">The terminal's width in characters.</param>
    public static IRenderable Of(RunState? state, string study, int columns)
    {
        if (state is null) return new Markup($"[bold]{Markup.Escape(study)}[/]  [grey]starting the silo[/]");
        var rows = new List<IRenderable> { Head(state), Bar(state, Math.Clamp(columns - 30, 20, 60)) };
        if (Words.Plot(state) is { } plot && columns >= 60)
        {
            var both = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
            IRenderable table = Best(state, withGenes: columns >= 130);
            if (columns >= 100) both.AddRow(Picture(plot), table);
            else both.AddRow(Picture(plot), Text.Empty);
            rows.Add(both);
            if (columns < 100) rows.Add(table);
        }
        if (state.Status.Reason is { } reason) rows.Add(new Markup($"[yellow]{Markup.Escape(reason)}[/]"));
        return new Rows(rows);
    }

    private static Markup Head(RunState state)
    {
        string left = Words.Left(state);
        return new Markup($"[bold]{Markup.Escape(state.Status.Study)}[/] [grey]{Markup.Escape(state.Status.Method)}[/]  {Words.Of(state.Status.Phase)}"
            + $"  [grey]{Words.Time(state.Elapsed)} so far{(left.Length > 0 ? $", {left}" : "")}[/]");
    }

    private static Rows Bar(RunState state, int width)
    {
        (double done, double all) = Words.Progress(state.Status);
        double share = all > 0 ? Math.Clamp(done / all, 0, 1) : 0;
        int full = (int)Math.Round(share * width);
        return new Rows(
            new Markup($"[deepskyblue2]{new string('━', full)}[/][grey30]{new string('━', width - full)}[/] {share:0.0%}"),
            new Markup($"[grey]{Markup.Escape(Words.Figures(state.Status))}[/]"));
    }

    private static Rows Picture(FrontPlot plot) => new(
        new Markup($"[grey]{Markup.Escape(FrontPlot.Label(plot.Upward))}, up[/]"),
        new Panel(new Markup(BraillePlot.Markup(plot, PlotColumns, PlotRows))).Border(BoxBorder.Rounded).BorderColor(Color.Grey30).Padding(0, 0),
        new Markup($"[grey]{Markup.Escape(FrontPlot.Label(plot.Across))}, right[/]"));

    private static Table Best(RunState state, bool withGenes)
    {
        ValueList<Objective> objectives = state.Status.Objectives;
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey30).AddColumn(new TableColumn("trial").RightAligned());
        foreach (Objective objective in objectives) table.AddColumn(new TableColumn(Markup.Escape(FrontPlot.Label(objective))).RightAligned());
        if (withGenes) table.AddColumn("genes");
        foreach (Trial trial in Spread(state.Front))
        {
            var cells = new List<string> { $"{trial.Ordinal}" };
            foreach (Objective objective in objectives) cells.Add(Digits.Short(trial.Value(objective.Metric)!.Value));
            if (withGenes) cells.Add($"[grey]{Markup.Escape(trial.Key.Length > 60 ? trial.Key[..57] + "..." : trial.Key)}[/]");
            table.AddRow([.. cells]);
        }
        string more = state.Front.Count > BestMembers ? $"{BestMembers} of {state.Front.Count} front members" : $"{state.Front.Count} front members";
        return table.Caption($"[grey]{more}[/]");
    }

    /// <summary>At most eight members, evenly along the front, both ends included.</summary>
    private static IEnumerable<Trial> Spread(IReadOnlyList<Trial> front)
    {
        int shown = Math.Min(front.Count, BestMembers);
        for (int i = 0; i < shown; i++) yield return front[shown == 1 ? 0 : i * (front.Count - 1) / (shown - 1)];
    }
}
