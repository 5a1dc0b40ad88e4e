using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hone.Model;

namespace Hone.Silo.Web.Security;

/// <summary>The API's certificate and key, read again when the files change, so that a renewed certificate needs no restart.</summary>
internal sealed class ApiCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private readonly string _certificate, _key;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private (DateTime, DateTime) _written;
    private long _looked;
    private SslStreamCertificateContext _context;

    /// <exception cref="SpecException">Not a certificate with its key.</exception>
    public ApiCertificate(string certificate, string key, TimeProvider clock)
    {
        (_certificate, _key, _clock) = (certificate, key, clock);
        (_looked, _written, _context) = (clock.GetTimestamp(), Written(), Read());
    }

    /// <summary>The names and addresses that the certificate is for.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            if (Current().TargetCertificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is not { } names) return [];
            return [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(a => a.ToString())];
        }
    }

    /// <summary>What to show who connects now. Files that cannot be read while they are being replaced leave the last good ones in force.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_looked) < LookEvery) return _context;
            _looked = _clock.GetTimestamp();
            (DateTime, DateTime) written = Written();
            if (written == _written) return _context;
            try
            {
                (_context, _written) = (Read(), written);
            }
            catch (SpecException)
            {
                // Looked at again in ten seconds.
            }
            return _context;
        }
    }

    private (DateTime, DateTime) Written() => (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));

    private SslStreamCertificateContext Read()
    {
        try
        {
            X509Certificate2 leaf = X509Certificate2.CreateFromPemFile(_certificate, _key);
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(_certificate);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or AsnContentException)
        {
            throw new SpecException($"--tls-cert, --tls-key: expected a certificate and its private key in PEM, got {_certificate} and {_key}, which are not ({e.Message.ReplaceLineEndings(" ")})");
        }
    }
}
