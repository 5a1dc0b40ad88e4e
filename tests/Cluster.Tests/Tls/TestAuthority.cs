using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hone.Contracts.Tls;

namespace Hone.Cluster.Tests.Tls;

/// <summary>An authority of the test's own, which issues members' certificates as PEM files, good ones and others.</summary>
internal sealed class TestAuthority(string folder, string name) : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2 _root = Root(name);
    private int _issued;

    public TlsFiles Good() => Issue();

    public TlsFiles Issue(int fromDays = -1, int untilDays = 1, string[]? uses = null, X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=member {++_issued} of {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        var oids = new OidCollection();
        foreach (string use in uses ?? [ServerAuthentication, ClientAuthentication]) oids.Add(new Oid(use));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, false));
        using X509Certificate2 certificate = request.Create(_root, DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(untilDays), Guid.NewGuid().ToByteArray());
        return Write($"{name}-{_issued}", certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public TlsFiles ForServersOnly() => Issue(uses: [ServerAuthentication]);

    public TlsFiles ForClientsOnly() => Issue(uses: [ClientAuthentication]);

    public void Dispose() => _root.Dispose();

    private TlsFiles Write(string file, string certificate, string key)
    {
        var files = new TlsFiles(Path.Combine(folder, $"{file}.crt"), Path.Combine(folder, $"{file}.key"), Path.Combine(folder, $"{name}-ca.crt"));
        File.WriteAllText(files.Certificate, certificate);
        File.WriteAllText(files.Key, key);
        File.WriteAllText(files.Authority, _root.ExportCertificatePem());
        return files;
    }

    private static X509Certificate2 Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
    }
}
