using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Hone.Node.Server;

/// <summary>How every program of Hone reaches a silo over HTTP.</summary>
public static class ServerHandler
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);

    /// <param name="authorities">Certificates that alone are trusted; null: the system's.</param>
    public static SocketsHttpHandler Create(X509Certificate2Collection? authorities)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Connecting };   // a redirect would carry the token elsewhere
        if (authorities is not null) handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authorities) };
        return handler;
    }

    private static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
