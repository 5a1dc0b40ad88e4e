using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Hone.Devices.Cpu;
using Hone.Model;

namespace Hone.Node;

/// <summary>The command line of <c>hone-node</c>.</summary>
internal static class NodeCommand
{
    private const string TokenVariable = "HONE_TOKEN";

    public static RootCommand Create(Func<NodeOptions, CancellationToken, Task<int>> run)
    {
        var server = new Option<string>("--server") { Description = "the silo's address, such as https://hone.example:8443 (https beyond this machine)", Required = true };
        var name = new Option<string>("--name") { Description = "the device's name, as studies write it: devices: [{name: NAME, kind: attached}]", Required = true };
        var token = new Option<string?>("--token") { Description = "of the role device:NAME; better $HONE_TOKEN or --token-file, which other users of the machine cannot see" };
        var tokenFile = new Option<string?>("--token-file") { Description = "a file that holds the token" };
        var ca = new Option<string?>("--ca") { Description = "certificates (PEM) to trust in place of the system's" };
        var threads = Threads();
        var alive = new Option<string?>("--alive-file") { Description = "a file to write whenever it has asked for work; `hone-node alive FILE` looks at its age" };
        var json = new Option<bool>("--json") { Description = "say what it does in JSON, a line each" };
        var root = new RootCommand("Measures on this machine for a Hone cluster: pulls jobs, runs them, reports.") { server, name, token, tokenFile, ca, threads, alive, json, Alive(), Check() };
        root.SetAction((parsed, cancel) => run(new NodeOptions(
            Address(parsed.GetValue(server)!), Token(parsed.GetValue(token), parsed.GetValue(tokenFile)), parsed.GetValue(name)!,
            parsed.GetValue(ca) is { } file ? Certificates(file) : null, parsed.GetValue(threads), parsed.GetValue(json), parsed.GetValue(alive)), cancel));
        return root;
    }

    private static Command Alive()
    {
        var file = new Argument<string>("FILE");
        var command = new Command("alive", "Exit with 0 when a node that writes this file (--alive-file) has asked for work within the last minute and a half.") { file };
        command.SetAction(parsed => File.Exists(parsed.GetValue(file)) && DateTime.UtcNow - File.GetLastWriteTimeUtc(parsed.GetValue(file)!) < NodeSession.AliveWithin ? 0 : 1);
        return command;
    }

    private static Command Check()
    {
        var command = new Command("check", "Hold every kernel that this processor runs against plain sums; exit with 1 when one is wrong.");
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            IReadOnlyList<KernelVerdict> verdicts = KernelCheck.Run();
            foreach (KernelVerdict v in verdicts)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{v.Format,-18} {v.Instructions + (v.Generated ? ", generated" : ""),-25} {v.Cases} products, worst {v.Worst:0.000} of the bound: {(v.Holds ? "agrees" : "WRONG")}"));
            return verdicts.All(v => v.Holds) ? 0 : 1;
        });
        return command;
    }

    public static Option<int> Threads() => new("--threads") { Description = "threads to measure with (default: one for each core)" };

    /// <exception cref="SpecException">No address, or one that would send the token in the clear.</exception>
    public static Uri Address(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw new SpecException($"--server: expected an address such as https://hone.example:8443, got '{text}'");
        if (address.Scheme == "http" && !address.IsLoopback) throw new SpecException($"--server: expected https for another machine, got '{text}', which would send the token in the clear");
        return new Uri(address.GetLeftPart(UriPartial.Authority));
    }

    private static string Token(string? given, string? file)
    {
        if (file is not null && !File.Exists(file)) throw new SpecException($"--token-file: expected a file with a token, there is none at {file}");
        return (given ?? (file is null ? null : File.ReadAllText(file)) ?? Environment.GetEnvironmentVariable(TokenVariable))?.Trim()
            ?? throw new SpecException($"expected a token, got none; give --token-file FILE or ${TokenVariable} (`hone token create --role device:NAME` makes one)");
    }

    private static X509Certificate2Collection Certificates(string file)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SpecException($"--ca: expected a file of certificates in PEM, {file} is none ({e.Message.ReplaceLineEndings(" ")})");
        }
        return read.Count > 0 ? read : throw new SpecException($"--ca: expected a file of certificates in PEM, {file} holds none");
    }
}
