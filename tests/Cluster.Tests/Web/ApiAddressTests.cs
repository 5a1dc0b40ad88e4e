using Hone.Model;
using Hone.Silo.Hosting;
using Hone.Silo.Web.Security;

namespace Hone.Cluster.Tests.Web;

public class ApiAddressTests
{
    private static SiloOptions Options(string urls, bool tls) => new(Role.Both, null, "hone", "data", null, 1, urls, null, false, null) { TlsCert = tls ? "cert.pem" : null, TlsKey = tls ? "key.pem" : null };

    [Theory]
    [InlineData("http://127.0.0.1:0", false)]
    [InlineData("http://localhost:8080;http://[::1]:8080", false)]
    [InlineData("https://0.0.0.0:8443", true)]
    [InlineData("https://hone.example:8443;http://127.0.0.1:8080", true)]
    public void LoopbackNeedsNoTlsAndEverythingElseHasIt(string urls, bool tls) => Assert.Equal(urls.Split(';'), ApiAddress.Checked(Options(urls, tls)));

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://10.1.2.3:8080")]
    [InlineData("http://hone.example")]
    [InlineData("http://127.0.0.1.example:80")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:80")]
    public void AnAddressThatOthersReachIsRefusedWithoutTlsWithTheReason(string urls)
    {
        string line = Assert.Throws<SpecException>(() => ApiAddress.Checked(Options(urls, tls: true))).Message;
        Assert.Contains("tokens in the clear", line);
        Assert.Contains("--tls-cert", line);
    }

    [Theory]
    [InlineData("https://127.0.0.1:8443")]
    [InlineData("https://0.0.0.0:8443")]
    public void HttpsWithoutACertificateIsRefused(string urls) => Assert.Contains("--tls-key", Assert.Throws<SpecException>(() => ApiAddress.Checked(Options(urls, tls: false))).Message);

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("127.0.0.1:80")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://unix:/tmp/x")]
    [InlineData("http://127.0.0.1:80/base")]
    public void AnythingElseIsAWrongRequest(string urls) => Assert.StartsWith("--urls", Assert.Throws<SpecException>(() => ApiAddress.Checked(Options(urls, tls: false))).Message);

    [Fact]
    public void HalfOfTheTlsFilesIsAWrongRequest() =>
        Assert.Contains("both", Assert.Throws<SpecException>(() => ApiAddress.Checked(Options("http://127.0.0.1:0", tls: false) with { TlsCert = "cert.pem" })).Message);

    [Fact]
    public void NamesAreThoseOfTheAddressesAndOfTheCertificate()
    {
        var hosts = new AllowedHosts(["https://hone.example:8443", "https://0.0.0.0:443"], ["*.cluster.local", "api.example", "10.0.0.7"]);
        foreach (string good in new[] { "localhost", "127.0.0.1", "::1", "[::1]", "HONE.example", "hone.example.", "a.cluster.local", "api.example", "10.0.0.7" }) Assert.True(hosts.Has(good), good);
        foreach (string bad in new[] { "", "0.0.0.0", "evil.example", "cluster.local", "a.b.cluster.local", "xapi.example", "10.0.0.8", "localhost.evil" }) Assert.False(hosts.Has(bad), bad);
    }
}
