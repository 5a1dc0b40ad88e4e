using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Hone.Cluster.Tests.Running;
using Hone.Contracts.Tls;
using Hone.Model;

namespace Hone.Cluster.Tests.Tls;

/// <summary>Two ends of a loopback connection: who is let in, and what is said to whom is not.</summary>
public sealed class HandshakeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Scratch _scratch = new();
    private readonly TestAuthority _ours, _theirs;

    public HandshakeTests() => (_ours, _theirs) = (new TestAuthority(_scratch.Folder, "ours"), new TestAuthority(_scratch.Folder, "theirs"));

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
        _scratch.Dispose();
    }

    private static ClusterTls Of(TlsFiles files, TimeSpan? patience = null) => new(new ClusterCertificates(files), patience ?? Patience);

    /// <summary>What either end says after a handshake and a word each way; null: all was well.</summary>
    private static async Task<(string? Server, string? Client)> Meet(Func<SslStream, Task> serve, Func<NetworkStream, Task> ask)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        Task<TcpClient> accepted = listener.AcceptTcpClientAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using TcpClient server = await accepted;
        Task<string?> served = Refusal(async () =>
        {
            await using var stream = new SslStream(server.GetStream(), leaveInnerStreamOpen: false);
            await serve(stream);
            byte[] word = new byte[5];
            await stream.ReadExactlyAsync(word);
            await stream.WriteAsync(word);
        });
        Task<string?> asked = Refusal(() => ask(client.GetStream()));
        return (await served.WaitAsync(TimeSpan.FromSeconds(20)), await asked.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static Task<(string? Server, string? Client)> Meet(ClusterTls server, ClusterTls client) => Meet(
        stream => server.Serve(stream, new CancellationTokenSource(Patience).Token),
        async plain =>
        {
            await using var stream = new SslStream(plain);
            await client.Ask(stream, new CancellationTokenSource(Patience).Token);
            await stream.WriteAsync("hello"u8.ToArray());
            byte[] word = new byte[5];
            await stream.ReadExactlyAsync(word);
            Assert.Equal("hello"u8, word);
        });

    private static async Task<string?> Refusal(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception e) when (e is HoneException or IOException)
        {
            return e.Message;
        }
    }

    [Fact]
    public async Task MembersOfOneAuthorityMeet() => Assert.Equal((null, null), await Meet(Of(_ours.Good()), Of(_ours.Good())));

    [Fact]
    public async Task TheRightCertificateOfAnotherAuthorityIsRefusedByEitherSideWithBothNames()
    {
        (string? server, string? client) = await Meet(Of(_ours.Good()), Of(_theirs.Good()));
        Assert.Contains("that CN=theirs (SHA-256", client);   // the client is the first to see a certificate
        Assert.Contains("got CN=member 1 of ours", client);
        Assert.NotNull(server);
        TlsFiles foreign = _theirs.Good();
        (server, _) = await Meet(Of(_ours.Good()), Of(foreign with { Authority = _ours.Good().Authority }));
        Assert.Contains("that CN=ours (SHA-256", server);
        Assert.Contains("got CN=member 2 of theirs", server);
        Assert.Contains("signed by CN=theirs", server);
    }

    [Theory]
    [InlineData(-3, -2)]
    [InlineData(2, 3)]
    public async Task ACertificateOutOfItsTimeIsRefusedByEitherSide(int from, int until)
    {
        TlsFiles late = _ours.Issue(from, until);
        foreach (string? said in new[] { (await Meet(Of(_ours.Good()), Of(late))).Server, (await Meet(Of(late), Of(_ours.Good()))).Client })
        {
            Assert.Contains("valid now", said);
            Assert.Contains("CN=member 1 of ours is valid from", said);
            Assert.Contains("renew it, or set the clock", said);
        }
    }

    [Fact]
    public async Task ACertificateForAnotherUseIsRefused()
    {
        Assert.Contains("for use as a TLS client", (await Meet(Of(_ours.Good()), Of(_ours.ForServersOnly()))).Server);
        Assert.Contains("for use as a TLS server", (await Meet(Of(_ours.ForClientsOnly()), Of(_ours.Good()))).Client);
        Assert.Contains("'digital signature'", (await Meet(Of(_ours.Good()), Of(_ours.Issue(usage: X509KeyUsageFlags.CrlSign)))).Server);
    }

    [Fact]
    public async Task APeerWithoutACertificateIsRefused()
    {
        ClusterTls server = Of(_ours.Good());
        (string? said, _) = await Meet(stream => server.Serve(stream, CancellationToken.None), async plain =>
        {
            await using var stream = new SslStream(plain, false, (_, _, _, _) => true);
            await stream.AuthenticateAsClientAsync("hone");
            await stream.ReadExactlyAsync(new byte[1]);
        });
        Assert.Contains("the peer showed none", said);
    }

    [Fact]
    public async Task APeerThatSpeaksPlainlyIsRefusedAndOneThatSaysNothingIsLetGo()
    {
        ClusterTls server = Of(_ours.Good(), TimeSpan.FromMilliseconds(200));
        (string? plain, _) = await Meet(stream => server.Serve(stream, CancellationToken.None), async stream =>
        {
            await stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            await stream.ReadExactlyAsync(new byte[1]);
        });
        Assert.Contains("expected a TLS handshake", plain);
        (string? silent, _) = await Meet(stream => server.Serve(stream, new CancellationTokenSource(200).Token), stream => stream.ReadExactlyAsync(new byte[1]).AsTask());
        Assert.Contains("expected a handshake within 0.2 s", silent);
    }

    [Fact]
    public async Task ANewCertificateIsTakenWithoutARestartAndAHalfReplacedOneLeavesTheOld()
    {
        TlsFiles files = _ours.Good(), next = _ours.Good();
        var certificates = new ClusterCertificates(files);
        var tls = new ClusterTls(certificates, Patience);
        string before = certificates.Current.Own.TargetCertificate.Subject;
        File.Copy(next.Certificate, files.Certificate, overwrite: true);   // its key is still the old one's
        Assert.Equal(before, certificates.Current.Own.TargetCertificate.Subject);
        Assert.Contains("expected the private key of", certificates.Problem);
        File.Copy(next.Key, files.Key, overwrite: true);
        Assert.Equal("CN=member 2 of ours", certificates.Current.Own.TargetCertificate.Subject);
        Assert.Null(certificates.Problem);
        Assert.Equal((null, null), await Meet(tls, Of(_ours.Good())));
    }

    [Fact]
    public void FilesThatMakeNoIdentityAreRefusedWithTheFile()
    {
        TlsFiles good = _ours.Good(), other = _ours.Good();
        Assert.Contains("there is none", Assert.Throws<HoneException>(() => new ClusterCertificates(good with { Key = good.Key + ".gone" })).Message);
        Assert.Contains("expected the private key", Assert.Throws<HoneException>(() => new ClusterCertificates(good with { Key = other.Key })).Message);
        Assert.Contains("there is no certificate in it", Assert.Throws<HoneException>(() => new ClusterCertificates(good with { Certificate = good.Key })).Message);
        Assert.Contains("which may sign nothing", Assert.Throws<HoneException>(() => new ClusterCertificates(good with { Authority = other.Certificate })).Message);
    }

    [Fact]
    public void ThreeFilesOrNone()
    {
        var names = ("--cert", "--key", "--ca");
        Assert.Null(TlsFiles.Of(null, "", null, names));
        Assert.Contains("together, without --key and --ca", Assert.Throws<SpecException>(() => TlsFiles.Of("a", null, null, names)).Message);
        Assert.Equal("/a", TlsFiles.Of("/a", "/b", "/c", names)!.Certificate);
    }
}
