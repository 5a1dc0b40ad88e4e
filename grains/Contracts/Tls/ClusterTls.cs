using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Hone.Model;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hone.Contracts.Tls;

/// <summary>
/// Mutual TLS on Orleans' own connections, between silos and from clients to gateways: a piece of middleware that puts a TLS stream on the connection's pipes before Orleans says its
/// first word. A peer that fails, or does not finish its handshake in time, is let go; nothing that it sent was read.
/// </summary>
/// <param name="certificates">Ours, and whom we trust.</param>
/// <param name="patience">For a handshake.</param>
public sealed class ClusterTls(ClusterCertificates certificates, TimeSpan patience)
{
    /// <summary>For a handshake between machines that are busy.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The side that is connected to: refuses by closing, and says why in the log.</summary>
    public void Accept(IConnectionBuilder connections)
    {
        connections.Use(next => async context =>
        {
            if (await SaysSomething(context)) await next(context);
        });
        Use(connections, Serve, "a connection from {Peer} was refused: {Reason}", tell: false);
    }

    /// <summary>The side that connects; a refusal is a failed connection with the reason.</summary>
    public void Connect(IConnectionBuilder connections) => Use(connections, Ask, "the connection to {Peer} failed: {Reason}", tell: true);

    private void Use(IConnectionBuilder connections, Func<SslStream, CancellationToken, Task> handshake, string refused, bool tell)
    {
        ILogger log = Log(connections);
        connections.Use(next => async context =>
        {
            try
            {
                await Secure(context, next, handshake);
            }
            catch (HandshakeException e)
            {
#pragma warning disable CA2254   // one of the two lines above
                log.LogWarning(refused, context.RemoteEndPoint, e.Message);
#pragma warning restore CA2254
                if (tell) throw;
            }
        });
    }

    /// <summary>One handshake as the side that is connected to; the error says why the peer was refused.</summary>
    /// <exception cref="HoneException">Refused.</exception>
    internal Task Serve(SslStream stream, CancellationToken cancel)
    {
        TlsIdentity identity = certificates.Current;
        return Handshake(PeerUse.Client, identity, trusts => stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Own, ClientCertificateRequired = true, EnabledSslProtocols = Protocols, AllowRenegotiation = false,
            RemoteCertificateValidationCallback = trusts,
        }, cancel), cancel);
    }

    /// <summary>One handshake as the side that connects.</summary>
    /// <exception cref="HoneException">Refused.</exception>
    internal Task Ask(SslStream stream, CancellationToken cancel)
    {
        TlsIdentity identity = certificates.Current;
        return Handshake(PeerUse.Server, identity, trusts => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = ClusterAddress.ServiceId, ClientCertificateContext = identity.Own, EnabledSslProtocols = Protocols, AllowRenegotiation = false,
            RemoteCertificateValidationCallback = trusts,
        }, cancel), cancel);
    }

    private async Task Handshake(PeerUse peer, TlsIdentity identity, Func<RemoteCertificateValidationCallback, Task> authenticate, CancellationToken cancel)
    {
        string? refused = null;
        try
        {
            await authenticate((_, certificate, chain, _) =>
            {
                var sent = new X509Certificate2Collection();
                if (chain is not null) sent.AddRange(chain.ChainPolicy.ExtraStore);
                refused = PeerTrust.Refuses(certificate as X509Certificate2, sent, peer, identity.Authority);
                return refused is null;
            });
        }
        catch (OperationCanceledException e)
        {
            throw new HandshakeException($"TLS: expected a handshake within {patience.TotalSeconds:0.#} s, none came to its end; is the peer started with TLS, too?", e);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or ObjectDisposedException)
        {
            throw new HandshakeException(refused ?? $"TLS: expected a TLS handshake with a certificate, the peer broke it off ({e.Message.ReplaceLineEndings(" ")}); is it started with TLS, and with a certificate of this cluster?", e);
        }
    }

    // Who looks whether anybody listens (a member that joins, a probe) connects and leaves without a word: nobody was refused.
    private async Task<bool> SaysSomething(ConnectionContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed);
        limit.CancelAfter(patience);
        try
        {
            ReadResult first = await context.Transport.Input.ReadAsync(limit.Token);
            context.Transport.Input.AdvanceTo(first.Buffer.Start);
            return !first.Buffer.IsEmpty;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            return false;
        }
    }

    private async Task Secure(ConnectionContext context, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> handshake)
    {
        IDuplexPipe plain = context.Transport;
        await using var stream = new SslStream(new PipeStream(plain));
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed))
        {
            limit.CancelAfter(patience);
            await handshake(stream, limit.Token);
        }
        var secured = new SecuredPipes(stream);
        context.Transport = secured;
        try
        {
            await next(context);
        }
        finally
        {
            await secured.CompleteAsync();
            context.Transport = plain;
        }
    }

    private static ILogger Log(IConnectionBuilder connections) => connections.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Hone.Tls");

    /// <summary>The peer is not one of ours.</summary>
    internal sealed class HandshakeException(string message, Exception? inner = null) : HoneException(message, inner);

    private sealed class SecuredPipes(SslStream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

        public async Task CompleteAsync()
        {
            await Input.CompleteAsync();
            await Output.CompleteAsync();
        }
    }
}
