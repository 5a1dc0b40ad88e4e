using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Views;
using Hone.Data;

namespace Hone.Client.Verbs;

/// <summary><c>hone data get</c>: finds or fetches a data set and checks it.</summary>
internal static class DataVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = $"one of {string.Join(", ", DataCatalog.Default.Records.Select(r => r.Name))}" };
        var data = new Option<string?>("--data") { Description = "folder that should hold it; nothing is fetched then" };
        var get = new Command("get", "Find or fetch a data set, check it, and print its folder.") { name, data };
        get.SetAction(async (parsed, cancel) =>
        {
            string set = parsed.GetValue(name)!, folder = await DataStep.GetAsync(set, parsed.GetValue(data), terminal, parsed.Json(), cancel);
            await terminal.Out.WriteLineAsync(parsed.Json() ? new JsonObject { ["name"] = set, ["folder"] = folder }.ToJsonString(JsonView.Options) : folder);
            return 0;
        });
        return new Command("data", "Data sets.") { get };
    }
}
