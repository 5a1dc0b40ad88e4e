using System.CommandLine;
using Hone.Client.Specs;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary>The options of every verb that asks a cluster: where it is, and how it is reached.</summary>
internal sealed class PlaceOptions
{
    private readonly Option<string> _dataDir = VerbOptions.DataDir();
    private readonly Option<string?> _cluster = VerbOptions.Cluster();
    private readonly Option<string?> _server = new("--server") { Description = "a silo's HTTP address, such as https://hone.example:8443, or the data folder of one that runs here" };
    private readonly Option<string?> _token = new("--token") { Description = "for --server; better $HONE_TOKEN or --token-file, which other users of the machine cannot see" };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "a file that holds the token for --server (a silo of this machine: found by itself)" };
    private readonly Option<string?> _ca = new("--ca") { Description = "for --server: certificates (PEM) to trust in place of the system's" };

    public static PlaceOptions AddTo(Command command)
    {
        var options = new PlaceOptions();
        foreach (Option option in new Option[] { options._dataDir, options._cluster, options._server, options._token, options._tokenFile, options._ca }) command.Add(option);
        return options;
    }

    /// <exception cref="SpecException">Options that contradict each other or are no address.</exception>
    public ClusterPlace Of(ParseResult parsed)
    {
        string? server = parsed.GetValue(_server), cluster = parsed.GetValue(_cluster), dataDir = parsed.GetValue(_dataDir);
        if (server is not null && cluster is not null) throw new SpecException("--server, --cluster: expected one way to the cluster, got both");
        if (server is null && (parsed.GetValue(_token) ?? parsed.GetValue(_tokenFile) ?? parsed.GetValue(_ca)) is not null)
            throw new SpecException("--token, --token-file, --ca: expected together with --server URL, got none");
        return new ClusterPlace(dataDir!, cluster, server is null ? null : ServerOption.Parse(server, parsed.GetValue(_token), parsed.GetValue(_tokenFile), parsed.GetValue(_ca), dataDir!));
    }
}
