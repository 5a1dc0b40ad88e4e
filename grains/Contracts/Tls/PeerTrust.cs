using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hone.Model;

namespace Hone.Contracts.Tls;

/// <summary>
/// Who belongs to the cluster: whose certificate the cluster's authority signed, is valid now, and may be used so. The machine's own trust store is not asked, nothing is looked up
/// on a network, and names are not compared: silos come and go on any address, so the authority must sign nothing but members.
/// </summary>
public static class PeerTrust
{
    /// <summary>Why a certificate is not trusted, as what was expected, what came, what to do; null when it is.</summary>
    /// <param name="presented">The peer's; null when it sent none.</param>
    /// <param name="sent">Intermediates that came with it.</param>
    /// <param name="use">What the peer does.</param>
    /// <param name="authority">The only roots.</param>
    public static string? Refuses(X509Certificate2? presented, X509Certificate2Collection sent, PeerUse use, X509Certificate2Collection authority)
    {
        string expected = $"TLS: expected a certificate that {string.Join(" or ", authority.Select(a => $"{a.Subject} (SHA-256 {Print(a)})"))} signed";
        if (presented is null) return $"{expected}, the peer showed none; start it with a certificate of this cluster";
        string came = $"got {presented.Subject} (SHA-256 {Print(presented)})";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;   // an authority of one cluster: replace it to take a certificate away
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use.Oid));
        bool trusted = chain.Build(presented);
        try
        {
            X509ChainStatusFlags why = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
            if (why.HasFlag(X509ChainStatusFlags.NotTimeValid)) return $"{expected} and that is valid now, {came}; {Times(chain)}; renew it, or set the clock";
            if (why.HasFlag(X509ChainStatusFlags.NotValidForUsage)) return $"{expected} for use as a {use.Name}, {came}, which allows other uses only; make it anew with that extended key usage";
            if (!trusted) return $"{expected}, {came}, signed by {presented.Issuer} ({why}); give both sides certificates of one authority";
        }
        finally
        {
            foreach (X509ChainElement element in chain.ChainElements) element.Certificate.Dispose();
        }
        return presented.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
            ? $"{expected} with the key usage 'digital signature', {came} with {usage.KeyUsages}; make it anew" : null;
    }

    private static string Times(X509Chain chain)
    {
        X509Certificate2 late = chain.ChainElements.First(e => e.ChainElementStatus.Any(s => s.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))).Certificate;
        return $"{late.Subject} is valid from {late.NotBefore.ToUniversalTime():u} to {late.NotAfter.ToUniversalTime():u}";
    }

    private static string Print(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))[..12];
}
