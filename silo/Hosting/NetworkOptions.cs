using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Hone.Contracts.Tls;
using Hone.Model;

namespace Hone.Silo.Hosting;

/// <summary>Where a silo is reached, by whom, and how long it takes to go.</summary>
/// <param name="Advertised">The address that others reach it at; Orleans' ports are bound there and nowhere else.</param>
/// <param name="SiloPort">For other silos; null: a free one.</param>
/// <param name="GatewayPort">For clients; null: a free one.</param>
/// <param name="Tls">What all members show each other; null: connections are plain, which is for loopback alone.</param>
/// <param name="Grace">From the request to end until the process ends in any case.</param>
internal sealed record NetworkOptions(IPAddress Advertised, int? SiloPort, int? GatewayPort, TlsFiles? Tls, TimeSpan Grace)
{
    private const int DefaultGrace = 10;

    public static readonly NetworkOptions Loopback = new(IPAddress.Loopback, null, null, null, TimeSpan.FromSeconds(DefaultGrace));

    /// <summary>The ports for silos and for clients.</summary>
    /// <exception cref="HoneException">One that was asked for is taken.</exception>
    public (int Silo, int Gateway) Ports()
    {
        foreach (var (option, port) in new[] { ("--silo-port", SiloPort), ("--gateway-port", GatewayPort) })
            if (port is { } asked && !Storage.Ports.IsFree(Advertised, asked))
                throw new HoneException($"{option}: expected port {asked} of {Advertised} to be free and this machine's, it is not; choose another one, or leave it out for a free one");
        int[] free = Storage.Ports.Free(2);
        return (SiloPort ?? free[0], GatewayPort ?? free[1]);
    }

    /// <summary>The options on the command line.</summary>
    internal sealed class Arguments
    {
        private readonly Option<string?> _advertise = new("--advertise") { Description = "address that other silos and clients reach this one at (default: 127.0.0.1); any but loopback needs TLS" };
        private readonly Option<int?> _silo = new("--silo-port") { Description = "port for other silos (with --redis; default: a free one)" };
        private readonly Option<int?> _gateway = new("--gateway-port") { Description = "port for clients (with --redis; default: a free one)" };
        private readonly Option<string?> _certificate = new("--cluster-cert") { Description = "this silo's certificate (PEM), signed by the cluster's authority" };
        private readonly Option<string?> _key = new("--cluster-key") { Description = "its private key (PEM)" };
        private readonly Option<string?> _authority = new("--cluster-ca") { Description = "the cluster's authority (PEM): who is not signed by it is not spoken to" };
        private readonly Option<int?> _grace = new("--grace") { Description = $"seconds from SIGTERM to the end of the process, for checkpoints and leaving the cluster (default: {DefaultGrace})" };

        public Arguments(RootCommand root)
        {
            foreach (Option option in new Option[] { _advertise, _silo, _gateway, _certificate, _key, _authority, _grace }) root.Add(option);
            root.Validators.Add(result =>
            {
                try
                {
                    Of(result);
                }
                catch (SpecException e)
                {
                    result.AddError(e.Message);
                }
            });
        }

        /// <exception cref="SpecException">No address, no port, some files of three, or an address that others reach without TLS.</exception>
        public NetworkOptions Of(CommandResult parsed)
        {
            string advertise = parsed.GetValue(_advertise) ?? $"{IPAddress.Loopback}";
            if (!IPAddress.TryParse(advertise, out IPAddress? address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                throw new SpecException($"--advertise: expected the address that others reach this silo at, such as 10.0.0.7, got '{advertise}'");
            foreach (var (option, port) in new[] { ("--silo-port", parsed.GetValue(_silo)), ("--gateway-port", parsed.GetValue(_gateway)) })
                if (port is < 1 or > 65535) throw new SpecException($"{option}: expected a port from 1 to 65535, got {port}");
            int grace = parsed.GetValue(_grace) ?? DefaultGrace;
            if (grace < 1) throw new SpecException($"--grace: expected at least 1 second, got {grace}");
            TlsFiles? tls = TlsFiles.Of(parsed.GetValue(_certificate), parsed.GetValue(_key), parsed.GetValue(_authority), ("--cluster-cert", "--cluster-key", "--cluster-ca"));
            if (!IPAddress.IsLoopback(address) && tls is null)
                throw new SpecException($"--advertise: expected --cluster-cert, --cluster-key and --cluster-ca with {address}, which other machines reach: whoever reaches Orleans' ports can run anything; give the three files, or a loopback address");
            return new NetworkOptions(address, parsed.GetValue(_silo), parsed.GetValue(_gateway), tls, TimeSpan.FromSeconds(grace));
        }
    }
}
