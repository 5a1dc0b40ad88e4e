using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hone.Model;

namespace Hone.Contracts.Tls;

/// <summary>One reading of the three files: who we are, and whose members we trust.</summary>
public sealed class TlsIdentity
{
    private TlsIdentity(SslStreamCertificateContext own, X509Certificate2Collection authority) => (Own, Authority) = (own, authority);

    /// <summary>What is presented to a peer: the certificate with its intermediates.</summary>
    public SslStreamCertificateContext Own { get; }

    /// <summary>The only roots that count.</summary>
    public X509Certificate2Collection Authority { get; }

    /// <summary>Reads and checks the files.</summary>
    /// <exception cref="HoneException">A file is missing, is no PEM, the key belongs to another certificate, or there is no authority in its file.</exception>
    public static TlsIdentity Read(TlsFiles files)
    {
        foreach (string file in new[] { files.Certificate, files.Key, files.Authority })
            if (!File.Exists(file)) throw new HoneException($"TLS: expected a PEM file at {file}, there is none; make it or name another one");
        X509Certificate2Collection presented = Certificates(files.Certificate, "the certificate of this member"), authority = Certificates(files.Authority, "the certificate of the cluster's authority");
        if (authority.FirstOrDefault(a => !IsAuthority(a)) is { } leaf)
            throw new HoneException($"TLS: expected certificates of an authority in {files.Authority}, got {leaf.Subject}, which may sign nothing (basic constraints); name the authority's own file");
        try
        {
            X509Certificate2 own = Portable(X509Certificate2.CreateFromPemFile(files.Certificate, files.Key));
            var intermediates = new X509Certificate2Collection(presented.Skip(1).ToArray());
            return new TlsIdentity(SslStreamCertificateContext.Create(own, intermediates, offline: true), authority);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new HoneException($"TLS: expected the private key of {files.Certificate} in {files.Key}, both PEM, got something else ({e.Message}); give the two that were made together", e);
        }
    }

    private static X509Certificate2Collection Certificates(string file, string what)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(file);
        }
        catch (CryptographicException e)
        {
            throw new HoneException($"TLS: expected {what} as PEM in {file}, it cannot be read ({e.Message}); make it anew", e);
        }
        return found.Count > 0 ? found : throw new HoneException($"TLS: expected {what} as PEM in {file}, there is no certificate in it; make it anew");
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };

    // Windows' TLS takes no key that lives in memory alone.
    private static X509Certificate2 Portable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows()) return certificate;
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
