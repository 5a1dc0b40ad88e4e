using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hone.Cluster.Tests.Running;
using Hone.Model;
using Hone.Silo.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Web;

public sealed class ApiCertificateTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Certificate => Path.Combine(_scratch.Folder, "tls.crt");

    private string Key => Path.Combine(_scratch.Folder, "tls.key");

    public void Dispose() => _scratch.Dispose();

    /// <summary>Writes a self-signed certificate for these names; its thumbprint.</summary>
    private string Write(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hone test", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
            if (IPAddress.TryParse(name, out IPAddress? address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, made.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        foreach (string file in new[] { Certificate, Key }) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(++_writes));   // two writes may fall into one tick of the clock
        return made.Thumbprint;
    }

    private int _writes;

    [Fact]
    public void ARenewedCertificateIsShownWithoutARestartAndABrokenOneIsNot()
    {
        var clock = new FakeTimeProvider();
        string first = Write("hone.example", "10.0.0.7");
        var files = new ApiCertificate(Certificate, Key, clock);
        Assert.Equal(["hone.example", "10.0.0.7"], files.Names);
        Assert.Equal(first, files.Current().TargetCertificate.Thumbprint);
        string second = Write("hone.example");
        Assert.Equal(first, files.Current().TargetCertificate.Thumbprint);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(second, files.Current().TargetCertificate.Thumbprint);
        File.WriteAllText(Certificate, "half a file");
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(second, files.Current().TargetCertificate.Thumbprint);
        string third = Write("hone.example");
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(third, files.Current().TargetCertificate.Thumbprint);
    }

    [Fact]
    public void FilesThatAreNoCertificateAndKeyAreRefusedByName()
    {
        Assert.Contains(Certificate, Assert.Throws<SpecException>(() => new ApiCertificate(Certificate, Key, TimeProvider.System)).Message);
        Write("hone.example");
        File.WriteAllText(Key, "no key");
        Assert.StartsWith("--tls-cert, --tls-key: expected", Assert.Throws<SpecException>(() => new ApiCertificate(Certificate, Key, TimeProvider.System)).Message);
    }

    [Fact]
    public async Task OverTlsTheApiAnswersAndItsCookieIsForThisHostOverTlsAlone()
    {
        Write("127.0.0.1");
        await using LocalSilo silo = await LocalSilo.Start(Path.Combine(_scratch.Folder, "data"), slots: 0, o => o with { Urls = "https://127.0.0.1:0", TlsCert = Certificate, TlsKey = Key });
        string token = silo.Services.GetRequiredService<RunToken>().Token.Text;
        var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trusted.CustomTrustStore.ImportFromPemFile(Certificate);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trusted } }) { BaseAddress = silo.Url };
        using HttpResponseMessage begun = await client.PostAsync("/api/v1/session", ApiSilo.Json($$"""{"token":"{{token}}"}"""));
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        string cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-hone=", cookie);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.True(begun.Headers.Contains("Strict-Transport-Security"));

        using var stranger = new HttpClient { BaseAddress = silo.Url };   // who does not trust this certificate
        Assert.IsType<AuthenticationException>((await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync("/"))).InnerException);
        using var plain = new HttpClient { BaseAddress = new UriBuilder(silo.Url) { Scheme = "http" }.Uri };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync("/"));
    }
}
