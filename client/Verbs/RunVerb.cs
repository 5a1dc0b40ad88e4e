using System.CommandLine;
using Hone.Client.Cluster;
using Hone.Client.Server;
using Hone.Client.Silo;
using Hone.Client.Specs;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone run</c>: a whole study with one command. Starts the silo, submits, shows, writes the results, stops the silo.</summary>
internal static class RunVerb
{
    public static Command Create(Terminal terminal)
    {
        var study = new Argument<string>("STUDY.yaml") { Description = "the study file" };
        Option<string?> @out = VerbOptions.Out("folder for the results (default: out/STUDY)");
        var data = new Option<string?>("--data") { Description = "folder that holds the data set (default: $HONE_DATA, the system's, the cache, or fetched)" };
        var slots = new Option<int?>("--slots") { Description = "compute slots (default: cores / training.threads)" };
        var command = new Command("run", "Run a study, or go on with it: search, train, measure, write the front and its models. A paused study goes on; a stopped one is finished, not searched further.") { study, @out, data, slots };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction((parsed, _) => Run(terminal, new Request(
            parsed.GetValue(study)!, parsed.GetValue(@out), place.Of(parsed), parsed.GetValue(data), parsed.GetValue(slots), parsed.Json())));
        return command;
    }

    private const int DefaultThreads = 2;   // of the methods that train

    private sealed record Request(string Study, string? Out, ClusterPlace Place, string? Data, int? Slots, bool Json);

    private static async Task<int> Run(Terminal terminal, Request request)
    {
        StudyFile file = StudyFile.Load(request.Study);
        var follow = new FollowStep(terminal, file.Spec.Study, request.Out ?? Path.Combine("out", file.Spec.Study), request.Json);
        if (request.Place.Server is { } server) return await follow.RunAsync(new ServerSession(server), file.Canonical, () => { });
        if (request.Place.Cluster is { } cluster) return await follow.RunAsync(new RemoteSession(ClusterOption.Parse(cluster)), file.Canonical, () => { });

        string program = SiloProgram.Find();
        using var stop = new StopSignals(() => { }, () => { });
        (file, string? dataSets) = await DataStep.EnsureAsync(file, request.Data, terminal, request.Json, stop.Token);
        var launch = new SiloLaunch(program, Path.GetFullPath(request.Place.DataDir), "both", request.Slots ?? Slots(file.Spec, Environment.ProcessorCount), dataSets);
        var session = new LocalSession(launch, follow.Note);
        return await follow.RunAsync(session, file.Canonical, session.Kill);
    }

    /// <summary>As many slots as there are cores for their threads; how many there are changes the speed, never the journal.</summary>
    /// <exception cref="SpecException">training.threads is no number of threads.</exception>
    internal static int Slots(StudySpec spec, int cores) => Math.Max(1, cores / new SpecReader(spec.Training, "training").Integer("threads", DefaultThreads, 1, 256));
}
