using Hone.Contracts;
using Hone.Model;
using StackExchange.Redis;

namespace Hone.Client.Specs;

/// <summary>How a command reaches its cluster: the text of <c>--cluster</c>, with what must stay off the command line taken from $HONE_REDIS.</summary>
internal sealed record ClusterOption(ConfigurationOptions Redis, string ClusterId)
{
    /// <summary>"redis=HOST:PORT;id=NAME", or a data folder that a silo keeps its address in.</summary>
    /// <exception cref="SpecException">Neither of the two.</exception>
    public static ClusterOption Parse(string text)
    {
        if (Directory.Exists(text)) return Of(ClusterAddress.Read(text));
        string? redis = null, id = null;
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? part : part[..equals], value = equals < 0 ? "" : part[(equals + 1)..];
            if (key == "redis") redis = value;
            else if (key == "id") id = value;
            else throw new SpecException($"--cluster: unknown key '{key}'; expected \"redis=HOST:PORT;id=NAME\"");
        }
        if (string.IsNullOrEmpty(redis) || string.IsNullOrEmpty(id))
            throw new SpecException($"--cluster: expected \"redis=HOST:PORT;id=NAME\" or a data folder, got '{text}'");
        ConfigurationOptions options = Environment.GetEnvironmentVariable("HONE_REDIS") is { Length: > 0 } secret ? Options(secret, "$HONE_REDIS") : new();
        options.EndPoints.Clear();
        foreach (var endPoint in Options(redis, "--cluster").EndPoints) options.EndPoints.Add(endPoint);
        return new ClusterOption(Quiet(options), id);
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
