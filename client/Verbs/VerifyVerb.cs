using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Views;
using Hone.Data;
using Hone.Export;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone verify</c>: re-runs an exported model and compares it with its manifest.</summary>
internal static class VerifyVerb
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR/models/n") { Description = "an exported model's folder" };
        var data = new Option<string?>("--data") { Description = "folder of the data set (default: where it is already; nothing is fetched)" };
        var command = new Command("verify", "Re-run an exported model and compare it with its manifest.") { folder, data };
        command.SetAction(async (parsed, cancel) =>
        {
            string path = parsed.GetValue(folder)!;
            if (!Directory.Exists(path)) throw new SpecException($"expected the folder of an exported model (DIR/models/n), there is none at {path}");
            (ImageSet? test, string about) = await TestSet(ModelFolder.ReadManifest(path), parsed.GetValue(data), cancel);
            VerifyReport report = CircuitCheck.Added(ModelVerifier.Verify(path, test));
            if (parsed.Json()) await terminal.Out.WriteLineAsync(Json(report).ToJsonString(JsonView.Options));
            else
            {
                foreach (Check check in report.Checks.ToArray()) await terminal.Out.WriteLineAsync($"{(check.Passed ? "ok  " : "FAIL")}  {check.Text}");
                if (about.Length > 0) await terminal.Out.WriteLineAsync($"--    {about}");
                await terminal.Out.WriteLineAsync(report.Passed ? $"{path}: verified" : $"{path}: not what its manifest says");
            }
            return report.Passed ? 0 : ErrorLine.Failed;
        });
        return command;
    }

    /// <summary>The test set that the manifest names, when it is on this machine and has the stated content; else why not.</summary>
    private static async Task<(ImageSet? Test, string About)> TestSet(Manifest manifest, string? path, CancellationToken cancel)
    {
        if (manifest.Data.FirstOrDefault(d => d.Role == "test") is not { } use || manifest.Parity is null) return (null, "");
        if (DataCatalog.Default.Records.FirstOrDefault(r => r.Name == use.Name) is not { } record) return (null, $"accuracy not re-run: no data set '{use.Name}' is known here");
        // Without sources nothing can be fetched: what is not here stays away.
        var locator = new DataLocator(Surroundings.OfThisMachine(), new DataCatalog(record with { Addresses = [], Package = null }));
        try
        {
            ImageSet test = (await locator.LoadAsync(use.Name, path, cancel: cancel)).LoadTest();
            if (ImageData.IdOf(test) == use.Hash) return (test, "");
            return (null, $"accuracy not re-run: the {use.Name} here has other test images than the manifest names");
        }
        catch (HoneException) when (path is null)
        {
            return (null, $"accuracy not re-run: {use.Name} is not on this machine; `hone data get {use.Name}` fetches it");
        }
    }

    private static JsonObject Json(VerifyReport report) => new()
    {
        ["folder"] = report.Folder, ["passed"] = report.Passed, ["key"] = report.Manifest.Key,
        ["checks"] = new JsonArray([.. report.Checks.Select(c => (JsonNode)new JsonObject { ["name"] = c.Name, ["passed"] = c.Passed, ["text"] = c.Text })]),
    };
}
