using System.CommandLine;
using Hone.Client.Specs;
using Hone.Node;

namespace Hone.Client.Verbs;

/// <summary><c>hone device attach</c>: this machine as a device, by the code of <c>hone-node</c>.</summary>
internal static class DeviceAttach
{
    public static Command Create(Terminal terminal)
    {
        var name = new Option<string>("--name") { Description = "the device's name, as studies write it: devices: [{name: NAME, kind: attached}]", Required = true };
        var server = new Option<string>("--server") { Description = "a silo's HTTP address, such as https://hone.example:8443, or the data folder of one that runs here", Required = true };
        var token = new Option<string?>("--token") { Description = "of the role device:NAME or operator; better $HONE_TOKEN or --token-file, which other users of the machine cannot see" };
        var tokenFile = new Option<string?>("--token-file") { Description = "a file that holds the token (a silo of this machine: found by itself)" };
        var ca = new Option<string?>("--ca") { Description = "certificates (PEM) to trust in place of the system's" };
        Option<string> dataDir = VerbOptions.DataDir();
        Option<int> threads = NodeCommand.Threads();
        var attach = new Command("attach", "Make this machine measure for a cluster, under a device's name, until it is interrupted.") { server, name, token, tokenFile, ca, threads, dataDir };
        attach.SetAction(async (parsed, _) =>
        {
            ServerOption place = ServerOption.Parse(parsed.GetValue(server)!, parsed.GetValue(token), parsed.GetValue(tokenFile), parsed.GetValue(ca), parsed.GetValue(dataDir)!);
            using var signals = new StopSignals(() => { }, () => { });
            return await NodeSession.RunAsync(new NodeOptions(place.Address, place.Token, parsed.GetValue(name)!, place.Authorities, parsed.GetValue(threads), parsed.Json()), terminal.Out, signals.Token);
        });
        return attach;
    }
}
