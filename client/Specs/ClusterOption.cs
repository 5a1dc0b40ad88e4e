using Hone.Contracts;
using Hone.Contracts.Tls;
using Hone.Model;
using StackExchange.Redis;

namespace Hone.Client.Specs;

/// <summary>How a command reaches its cluster: the text of <c>--cluster</c>, with what must stay off the command line taken from $HONE_REDIS.</summary>
/// <param name="Redis">The store that silos are found in.</param>
/// <param name="ClusterId">Orleans' cluster id.</param>
/// <param name="Tls">What makes the command a member of a cluster that speaks TLS; null where connections are plain.</param>
internal sealed record ClusterOption(ConfigurationOptions Redis, string ClusterId, TlsFiles? Tls = null)
{
    private const string Form = "\"redis=HOST:PORT;id=NAME\" (and \";cert=FILE;key=FILE;ca=FILE\" where the cluster speaks TLS)";

    /// <summary>"redis=HOST:PORT;id=NAME;cert=FILE;key=FILE;ca=FILE", the files only where the cluster speaks TLS; or a data folder that a silo keeps its address in.</summary>
    /// <exception cref="SpecException">Neither of the two, or some files of three.</exception>
    public static ClusterOption Parse(string text)
    {
        if (Directory.Exists(text)) return Of(ClusterAddress.Read(text));
        var given = new Dictionary<string, string?>(StringComparer.Ordinal) { ["redis"] = null, ["id"] = null, ["cert"] = null, ["key"] = null, ["ca"] = null };
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? part : part[..equals];
            if (!given.ContainsKey(key)) throw new SpecException($"--cluster: unknown key '{key}'; expected {Form}");
            given[key] = equals < 0 ? "" : part[(equals + 1)..];
        }
        if (given["redis"] is not { Length: > 0 } redis || given["id"] is not { Length: > 0 } id)
            throw new SpecException($"--cluster: expected {Form} or a data folder, got '{text}'");
        ConfigurationOptions options = Environment.GetEnvironmentVariable("HONE_REDIS") is { Length: > 0 } secret ? Options(secret, "$HONE_REDIS") : new();
        options.EndPoints.Clear();
        foreach (var endPoint in Options(redis, "--cluster").EndPoints) options.EndPoints.Add(endPoint);
        return new ClusterOption(Quiet(options), id, TlsFiles.Of(given["cert"], given["key"], given["ca"], ("cert=", "key=", "ca=")));
    }

    public static ClusterOption Of(ClusterAddress address)
    {
        ConfigurationOptions options = Options(address.Redis, ClusterAddress.AddressFile);
        if (address.Password.Length > 0) options.Password = address.Password;
        return new ClusterOption(Quiet(options), address.ClusterId);
    }

    private static ConfigurationOptions Options(string text, string where)
    {
        try
        {
            return ConfigurationOptions.Parse(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new SpecException($"{where}: expected HOST:PORT (and options such as password=..., ssl=true), which this is not");
        }
    }

    private static ConfigurationOptions Quiet(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 5_000;
        return options;
    }
}
