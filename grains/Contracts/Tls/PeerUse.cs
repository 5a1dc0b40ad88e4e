namespace Hone.Contracts.Tls;

/// <summary>What a peer is for in a handshake: the object identifier of the key usage that its certificate must allow (RFC 5280, 4.2.1.12).</summary>
public sealed record PeerUse(string Name, string Oid)
{
    public static readonly PeerUse Server = new("TLS server", "1.3.6.1.5.5.7.3.1"), Client = new("TLS client", "1.3.6.1.5.5.7.3.2");
}
