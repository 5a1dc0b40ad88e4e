using Hone.Model;

namespace Hone.Contracts.Tls;

/// <summary>What makes a silo or a client a member of a cluster that speaks TLS: three PEM files.</summary>
/// <param name="Certificate">Its certificate first, then any intermediate ones.</param>
/// <param name="Key">The certificate's private key.</param>
/// <param name="Authority">The certificates of the cluster's authority: one, or the old and the new while it is replaced.</param>
public sealed record TlsFiles(string Certificate, string Key, string Authority)
{
    /// <summary>All three, or null where none is given.</summary>
    /// <param name="names">What the three are called where they are given.</param>
    /// <exception cref="SpecException">Some are given, some are not.</exception>
    public static TlsFiles? Of(string? certificate, string? key, string? authority, (string Certificate, string Key, string Authority) names)
    {
        (string Name, string? File)[] given = [(names.Certificate, certificate), (names.Key, key), (names.Authority, authority)];
        if (given.All(g => string.IsNullOrEmpty(g.File))) return null;
        string[] missing = [.. given.Where(g => string.IsNullOrEmpty(g.File)).Select(g => g.Name)];
        if (missing.Length > 0)
            throw new SpecException($"TLS: expected {names.Certificate}, {names.Key} and {names.Authority} together, without {string.Join(" and ", missing)}; give all three or none");
        return new TlsFiles(Path.GetFullPath(certificate!), Path.GetFullPath(key!), Path.GetFullPath(authority!));
    }
}
