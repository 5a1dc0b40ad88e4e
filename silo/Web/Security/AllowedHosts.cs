using System.Net;

namespace Hone.Silo.Web.Security;

/// <summary>
/// The names that the silo answers to. A page of another site can have its own name resolve to this machine (DNS rebinding), and then everything but the
/// name looks right: so the name is what is looked at.
/// </summary>
internal sealed class AllowedHosts
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "::1" };

    /// <param name="urls">Where it listens.</param>
    /// <param name="certified">Names and addresses that its certificate vouches for; "*.example" stands for one label.</param>
    public AllowedHosts(IEnumerable<string> urls, IEnumerable<string> certified)
    {
        foreach (string url in urls)
        {
            string host = Plain(BindingAddress.Parse(url).Host);
            if (host is not ("*" or "+" or "0.0.0.0" or "::")) _names.Add(host);
        }
        foreach (string name in certified) _names.Add(name);
    }

    /// <summary>Whether a Host header's name (without its port) is one of them.</summary>
    public bool Has(string host)
    {
        string name = Plain(host).TrimEnd('.');
        if (_names.Contains(name)) return true;
        int label = name.IndexOf('.', StringComparison.Ordinal);
        return label > 0 && !IPAddress.TryParse(name, out _) && _names.Contains("*" + name[label..]);
    }

    private static string Plain(string host) => host is ['[', .., ']'] ? host[1..^1] : host;
}
