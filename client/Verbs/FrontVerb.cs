using System.CommandLine;
using Hone.Client.Cluster;
using Hone.Client.Results;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone front</c>: the front of a finished study, from its result folder or from the cluster.</summary>
internal static class FrontVerb
{
    public static Command Create(Terminal terminal)
    {
        var what = new Argument<string>("STUDY|DIR") { Description = "a study's name, or a result folder" };
        var command = new Command("front", "Show the front of a finished study.") { what };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            string name = parsed.GetValue(what)!;
            string text = Directory.Exists(name) ? OfFolder(name) : await OfStudy(name, place.Of(parsed), cancel);
            FrontFile front = FrontFile.Parse(text, name);
            if (parsed.Json()) await terminal.Out.WriteAsync(text);
            else FrontTable.Write(front, terminal.Screen, TimeProvider.System.GetUtcNow());
            return 0;
        });
        return command;
    }

    private static string OfFolder(string folder)
    {
        string path = Path.Combine(folder, ResultWriter.Front);
        return File.Exists(path) ? File.ReadAllText(path) : throw new HoneException($"{folder}: expected a result folder with {ResultWriter.Front}, there is none; `hone run` writes it at its end");
    }

    private static Task<string> OfStudy(string name, ClusterPlace place, CancellationToken cancel) => ClusterVisit.AskAsync(place,
        async cluster => await StoredFront.TextAsync(RequestStep.Accepted(await cluster.Study(name).Status()), cluster, cancel), cancel);
}
