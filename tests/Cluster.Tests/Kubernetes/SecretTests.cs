using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;

namespace Hone.Cluster.Tests.Kubernetes;

/// <summary>The Secrets that k8s/secrets prints.</summary>
public sealed class SecretTests
{
    private static readonly Lazy<IReadOnlyList<V1Secret>> Made = new(() => [.. Manifests.Parse(Kubectl.Run(Path.Combine(Kubectl.Folder, "secrets"), "hone.example.org")).Cast<V1Secret>()]);

    private static byte[] Of(string secret, string key) => Made.Value.Single(s => s.Metadata.Name == secret).Data[key];

    private static string Pem(string secret, string key) => Encoding.ASCII.GetString(Of(secret, key));

    [Fact]
    public void TheyHoldEveryKeyThatAPodAsksFor()
    {
        foreach (var (_, pod) in Manifests.Of("base").Pods)
        {
            foreach (V1SecretKeySelector key in Manifests.Containers(pod).SelectMany(c => c.Env ?? []).Select(e => e.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>()) Assert.NotEmpty(Of(key.Name, key.Key));
            foreach (V1Volume volume in pod.Spec.Volumes.Where(v => v.Secret is not null))
            {
                string mount = pod.Spec.Containers.Single().VolumeMounts.Single(m => m.Name == volume.Name).MountPath;
                foreach (string file in pod.Spec.Containers.Single().Args.Select(a => a.Split('=')[^1]).Where(a => a.StartsWith(mount + "/", StringComparison.Ordinal)))
                    Assert.NotEmpty(Of(volume.Secret.SecretName, Path.GetFileName(file)));
            }
        }
    }

    [Fact]
    public void ThePasswordIsLongAndHasNoLineEnd() => Assert.Matches("^[0-9a-f]{64}$", Pem("hone-redis", "password"));

    [Theory]
    [InlineData("hone-cluster-tls", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")]   // silos accept and call
    [InlineData("hone-api-tls", "1.3.6.1.5.5.7.3.1")]
    public void ACertificateIsSignedByItsOwnAuthorityForWhatItIsUsedFor(string secret, params string[] uses)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(Pem(secret, "tls.crt"), Pem(secret, "tls.key")), authority = X509Certificate2.CreateFromPem(Pem(secret, "ca.crt"));
        foreach (string use in uses) Assert.True(Trusted(certificate, authority, use), use);
        using X509Certificate2 other = X509Certificate2.CreateFromPem(Pem(secret == "hone-api-tls" ? "hone-cluster-tls" : "hone-api-tls", "ca.crt"));
        Assert.False(Trusted(certificate, other, uses[0]));
        Assert.Equal(uses.Length == 2, Trusted(certificate, authority, "1.3.6.1.5.5.7.3.2"));
        Assert.InRange(certificate.NotAfter, DateTime.Now.AddDays(300), DateTime.Now.AddDays(400));
    }

    [Fact]
    public void TheApisCertificateNamesThePlacesThatItIsReachedAt()
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(Pem("hone-api-tls", "tls.crt"));
        foreach (string name in new[] { "localhost", "127.0.0.1", "hone-api.hone.svc", "hone.example.org" }) Assert.True(certificate.MatchesHostname(name), name);
        Assert.False(certificate.MatchesHostname("example.org"));
    }

    private static bool Trusted(X509Certificate2 certificate, X509Certificate2 authority, string use)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(use));
        return chain.Build(certificate);
    }
}
