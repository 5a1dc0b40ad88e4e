using System.Net;
using Hone.Model;
using Hone.Silo.Hosting;

namespace Hone.Silo.Web.Security;

/// <summary>Where the API may be served: on loopback as it is, anywhere else with TLS alone. Tokens are asked for everywhere.</summary>
internal static class ApiAddress
{
    /// <summary>The addresses of --urls.</summary>
    /// <exception cref="SpecException">No address, one that would be served without TLS to other machines, or TLS that nothing or half of it is given for.</exception>
    public static IReadOnlyList<string> Checked(SiloOptions options)
    {
        if (options.TlsCert is null != options.TlsKey is null) throw new SpecException("--tls-cert, --tls-key: expected both or neither, got one of them");
        string[] urls = options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0) throw new SpecException("--urls: expected an address such as http://127.0.0.1:8080, got none");
        foreach (string url in urls)
        {
            BindingAddress address = Parse(url);
            bool tls = address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
            if (!tls && !address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || address.IsUnixPipe || address.IsNamedPipe || address.PathBase.Length > 0) throw Wrong(url);
            if (tls && options.TlsCert is null) throw new SpecException($"--urls {url}: expected a certificate for https, got none; give --tls-cert FILE and --tls-key FILE (PEM)");
            if (!tls && !IsLoopback(address.Host))
                throw new SpecException($"--urls {url}: expected https for an address that other machines reach, got http, which would send tokens in the clear; "
                    + "use https with --tls-cert FILE and --tls-key FILE, or an address on loopback such as http://127.0.0.1:8080");
        }
        return urls;
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw Wrong(url);
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static SpecException Wrong(string url) => new($"--urls: expected addresses such as http://127.0.0.1:8080 or https://0.0.0.0:8443, separated by ';', got '{url}'");
}
