using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Chaos;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone chaos</c>: kills members of a cluster of its own while a study runs, and tells whether anything broke.</summary>
internal static class ChaosVerb
{
    private const int Sleep = 200;   // milliseconds that an evaluation of the default study takes

    public static Command Create(Terminal terminal)
    {
        var kill = new Option<string>("--kill") { Description = "whom: silo (the control silo), worker, client, or some of them with commas between", DefaultValueFactory = _ => "silo,worker,client" };
        var every = new Option<string>("--every") { Description = "mean time between two kills, such as 20s", DefaultValueFactory = _ => "20s" };
        var time = new Option<string>("--for") { Description = "how long to kill, such as 5m; the study ends a little later", DefaultValueFactory = _ => "5m" };
        var study = new Option<string?>("--study") { Description = "the study file (default: a synthetic problem whose evaluations wait, as long as --for)" };
        var seed = new Option<long>("--seed") { Description = "of the kills", DefaultValueFactory = _ => 1 };
        var command = new Command("chaos", "Run a study on a cluster of its own (redis-server, a control silo, two workers, a watching client) and kill its members with -9: nothing may be lost, twice or different.") { kill, every, time, study, seed };
        command.SetAction(async (parsed, _) =>
        {
            var plan = new ChaosPlan(ChaosPlan.Parse(parsed.GetValue(kill)!), ChaosPlan.Time("--every", parsed.GetValue(every)!), ChaosPlan.Time("--for", parsed.GetValue(time)!), (ulong)parsed.GetValue(seed));
            return await Run(terminal, parsed.GetValue(study) is { } file ? StudyFile.Load(file) : Default(plan.For), plan, parsed.Json());
        });
        return command;
    }

    private static async Task<int> Run(Terminal terminal, StudyFile study, ChaosPlan plan, bool json)
    {
        string folder = Directory.CreateTempSubdirectory("hone-chaos-").FullName;
        TextWriter notes = json ? terminal.Error : terminal.Out;
        bool keep = true;
        try
        {
            using var stop = new StopSignals(() => notes.WriteLine("stopping; what was started is ended"), () => { });
            ChaosResult result = await new ChaosRun(study, plan, folder, notes.WriteLine).RunAsync(stop.Token);
            if (json) await terminal.Out.WriteLineAsync(result.Json().ToJsonString(JsonView.Options));
            else result.Write(terminal.Screen);
            keep = result.Broken;
            return result.Broken ? ErrorLine.Failed : 0;
        }
        catch (OperationCanceledException)
        {
            keep = false;
            throw;
        }
        finally
        {
            if (keep) notes.WriteLine($"what it left: {folder}");
            else Directory.Delete(folder, recursive: true);
        }
    }

    // As many evaluations as two workers without a death take in that time.
    private static StudyFile Default(TimeSpan time)
    {
        int trials = Math.Max(40, (int)(time.TotalMilliseconds / Sleep * ChaosCluster.Workers));
        var values = (JsonObject)JsonNode.Parse($$$"""
            {"study":"chaos","method":"synthetic","data":{"name":"none"},"model":{"problem":"zdt1","variables":8,"pause_ms":{{{Sleep}}}},"objectives":[{"metric":"f1"},{"metric":"f2"}],
            "search":{"algorithm":"nsga2","population":32,"window":8},"budget":{"trials":{{{trials}}}},"seed":1}
            """)!;
        return new StudyFile("chaos", values, StudySpec.Parse(values));
    }
}
