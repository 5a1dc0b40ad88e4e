using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Specs;

/// <summary>How a command reaches a silo's HTTP interface: its address, a token, and whose certificates it trusts besides the system's.</summary>
/// <param name="Address">Its root.</param>
/// <param name="Token">Sent with every request.</param>
/// <param name="Authorities">Certificates that alone are trusted; null: the system's.</param>
internal sealed record ServerOption(Uri Address, string Token, X509Certificate2Collection? Authorities = null)
{
    /// <summary>The variable that a token may stand in, so that it stands on no command line.</summary>
    public const string TokenVariable = "HONE_TOKEN";

    /// <summary>The texts of --server, --token, --token-file and --ca.</summary>
    /// <param name="server">A URL, or the data folder that a silo of this machine runs on.</param>
    /// <param name="dataDir">Where the token of this machine's silo may lie.</param>
    /// <exception cref="SpecException">No such address, no token, or files that are none.</exception>
    public static ServerOption Parse(string server, string? token, string? tokenFile, string? ca, string dataDir)
    {
        bool folder = Directory.Exists(server);
        if (folder) dataDir = server;
        Uri address = folder ? AddressOf(ReadOr(dataDir, ClusterAddress.UrlFile) ?? throw new HoneException($"{server}: expected a data folder that a silo runs on, there is no {ClusterAddress.UrlFile} in it; start one, or name another")) : AddressOf(server);
        string found = token ?? (tokenFile is null ? null : Content(tokenFile)) ?? Environment.GetEnvironmentVariable(TokenVariable) ?? OfFolder(dataDir, address)
            ?? (address.IsLoopback && SilosOfUser.DataFolder(address.Port) is { } run ? OfFolder(run, address) : null)
            ?? throw new SpecException($"--server {server}: expected a token, got none; give --token-file FILE or ${TokenVariable} (`hone token create` makes one)");
        if (ApiToken.Of(found.Trim()) is not { } good) throw new SpecException($"--server {server}: expected a token (hone_...), got a text of another shape; check --token, --token-file or ${TokenVariable}");
        return new ServerOption(address, good.Text, ca is null ? null : Certificates(ca));
    }

    private static Uri AddressOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw new SpecException($"--server: expected an address such as https://hone.example:8443, or a data folder, got '{text}'");
        if (address.Scheme == "http" && !address.IsLoopback) throw new SpecException($"--server: expected https for another machine, got '{text}', which would send the token in the clear");
        return new Uri(address.GetLeftPart(UriPartial.Authority));
    }

    // The token of the silo that runs there, for that silo alone.
    private static string? OfFolder(string dataDir, Uri address) => ReadOr(dataDir, ClusterAddress.UrlFile) is { } url
        && Uri.TryCreate(url, UriKind.Absolute, out Uri? own) && own.IsLoopback && address.IsLoopback && own.Port == address.Port ? ReadOr(dataDir, ClusterAddress.TokenFile) : null;

    private static string? ReadOr(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private static string Content(string file) =>
        File.Exists(file) ? File.ReadAllText(file) : throw new SpecException($"--token-file: expected a file with a token, there is none at {file}");

    private static X509Certificate2Collection Certificates(string file)
    {
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(file);
            if (read.Count > 0) return read;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SpecException($"--ca: expected a file of certificates in PEM, {file} is none ({e.Message.ReplaceLineEndings(" ")})");
        }
        throw new SpecException($"--ca: expected a file of certificates in PEM, {file} holds none");
    }
}
