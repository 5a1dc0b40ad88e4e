using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hone.Data;
using Hone.Model;

namespace Hone.Silo.Storage;

/// <summary>
/// The ports that an embedded silo keeps from start to start, so that membership knows it again after a kill. When one of them is taken meanwhile it
/// takes new ones under a new cluster id; grain state is keyed by the service id and stays.
/// </summary>
internal sealed record Ports(int Store, int Silo, int Gateway, int Generation)
{
    private const string File = "ports.json";
    private const int Least = 20_000, Most = 30_000, MostTries = 1_000;

    [System.Text.Json.Serialization.JsonIgnore]
    public string ClusterId => $"hone-{Generation}";

    [System.Text.Json.Serialization.JsonIgnore]
    public bool AreFree => IsFree(Store) && IsFree(Silo) && IsFree(Gateway);

    /// <summary>The folder's ports if all are free, else new ones; written back.</summary>
    public static Ports Of(string dataFolder)
    {
        string path = Path.Combine(dataFolder, File);
        Ports? known = System.IO.File.Exists(path) ? JsonSerializer.Deserialize<Ports>(System.IO.File.ReadAllText(path), StudyJson.Options) : null;
        if (known is { AreFree: true }) return known;
        int[] free = Free(3);
        var ports = new Ports(free[0], free[1], free[2], (known?.Generation ?? 0) + 1);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, ports, StudyJson.Options));
        return ports;
    }

    /// <summary>So many free loopback ports, below those that systems give to outgoing connections (from 32768 on): one of these could take a port before it is listened on.</summary>
    /// <exception cref="HoneException">Hardly any of them is free.</exception>
    public static int[] Free(int count)
    {
        HashSet<int> free = [];
        for (int tries = 0; free.Count < count; tries++)
        {
            if (tries == MostTries) throw new HoneException($"expected {count} free ports of {Least} to {Most - 1} at 127.0.0.1, found {free.Count} in {MostTries} tries; end what listens there, or name ports (--silo-port, --gateway-port)");
            int port = Random.Shared.Next(Least, Most);
            if (IsFree(port)) free.Add(port);
        }
        return [.. free];
    }

    private static bool IsFree(int port) => IsFree(IPAddress.Loopback, port);

    /// <summary>Whether a port can be listened on at an address of this machine.</summary>
    public static bool IsFree(IPAddress address, int port)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);   // a dead silo's lingering connections do not hold the port
        try
        {
            probe.Bind(new IPEndPoint(address, port));
            probe.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
