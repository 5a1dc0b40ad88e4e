using System.Text.Json.Nodes;
using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Client.Verbs;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace Hone.Client.Tests.Views;

public class ViewTests
{
    private static RunState Search(int committed)
    {
        var tracker = new RunTracker(new FakeTimeProvider());
        for (int i = 0; i < committed; i++) tracker.Add(Samples.Trial(i), Samples.Objectives);
        return tracker.See(Samples.Status(StudyPhase.Search, committed)).State;
    }

    private static string Render(RunState? state, int columns) => Rendering.Of(console => console.Write(LiveScreen.Of(state, "quasar-vit", columns)), columns);

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void TheScreenFitsTheTerminalAndShowsTheSearch(int columns)
    {
        string screen = Render(Search(100), columns);
        Assert.All(screen.Split('\n'), line => Assert.True(line.TrimEnd().Length <= columns, line));
        Assert.Contains("evaluated", screen);
        Assert.Contains("searching", screen);
    }

    [Fact]
    public void TheScreenShowsTrainingFigures()
    {
        var state = new RunTracker(new FakeTimeProvider()).See(
            Samples.Status(StudyPhase.Prepare, 0, new Hone.Model.Progress("training the supernet", 120, 900, [new("loss", 1.234), new("images/s", 3120)]))).State;
        string screen = Render(state, 100);
        Assert.Contains("step 120 of 900", screen);
        Assert.Contains("loss 1.234", screen);
        Assert.Contains("3120 images/s", screen);
        Assert.Contains("13.3%", screen);
    }

    [Fact]
    public void ASearchThatTrainsTellsItsStepsAndOneThatWaitsWhatFor()
    {
        string Figures(Hone.Model.Progress? progress) => Words.Figures(Samples.Status(StudyPhase.Search, 10, progress));
        Assert.EndsWith("; training candidates, step 70, 40 images/s", Figures(new Hone.Model.Progress("training candidates", 70, 0, [new("images/s", 40)])));
        Assert.EndsWith("; waits: a node", Figures(new Hone.Model.Progress("a node", 0, 0)));
        Assert.EndsWith("duplicates", Figures(null));
    }

    [Fact]
    public void ThereIsAScreenBeforeAnythingIsKnown() => Assert.Contains("starting", Render(null, 80));

    [Fact]
    public void MarkupInNamesIsShownNotRead()
    {
        StudyStatus status = Samples.Status(StudyPhase.Paused, 0) with { Study = "[red]x[/]", Reason = "[bold" };
        string screen = Render(new RunState(status, [], [], TimeSpan.Zero, null), 80);
        Assert.Contains("[red]x[/]", screen);
        Assert.Contains("[bold", screen);
    }

    [Fact]
    public void TheFrontsLineRunsAlongStepsInThePlot()
    {
        var plot = new FrontPlot(Samples.Objectives[1], Samples.Objectives[0], [], [(0, 0), (10, 10)]);
        var rows = BraillePlot.Rows(plot, 20, 6);
        // From the lower left along the bottom, then up at the right: the last row is filled, the first row only at its right.
        Assert.True(rows[^1].Count(c => c.Front) > 15);
        Assert.Equal(1, rows[2].Count(c => c.Front));
        Assert.All(rows.SelectMany(r => r), c => Assert.InRange(c.Character, '\u2800', '\u28FF'));
    }

    [Fact]
    public void PlainLinesComeAtAPhaseAndEveryTenSeconds()
    {
        var time = new FakeTimeProvider();
        using var output = new StringWriter();
        var view = new PlainView(output, time);
        RunState state = Search(60);
        for (int second = 0; second < 21; second++)
        {
            view.Show(state);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(3, output.ToString().Trim().Split('\n').Length);
    }

    [Fact]
    public void JsonLinesAreObjectsWithThePhaseInWords()
    {
        using var output = new StringWriter();
        var view = new JsonView(output, new FakeTimeProvider());
        view.Show(Search(60));
        view.Note("a note");
        JsonNode[] lines = [.. output.ToString().Trim().Split('\n').Select(l => JsonNode.Parse(l)!)];
        Assert.Equal("search", (string)lines[0]["phase"]!);
        Assert.Equal(60, (int)lines[0]["counts"]!["committed"]!);
        Assert.Equal("a note", (string)lines[1]["note"]!);
    }

    [Fact]
    public void TheBenchTableShowsRatioAndGoal()
    {
        string text = Rendering.Of(console => console.Write(BenchVerb.Table("""[{"part":"philox","name":"draws","value":812.5,"unit":"M/s","reference":100,"ratio":8.125,"goal":">= 4","met":true}]""")), 120);
        Assert.Contains("812.5 M/s", text);
        Assert.Contains("8.125", text);
        Assert.Contains("met", text);
        Assert.Throws<HoneException>(() => BenchVerb.Table("nonsense"));
    }
}
