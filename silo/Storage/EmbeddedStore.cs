using Garnet;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hone.Silo.Storage;

/// <summary>Garnet in this process: the Redis protocol on loopback, its append-only file under the data folder, durable across kills.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    /// <summary>Starts serving; recovers what was written before.</summary>
    public EmbeddedStore(string folder, int port, string password)
    {
        Directory.CreateDirectory(folder);
        _server = new GarnetServer([
            "--bind", "127.0.0.1", "--port", $"{port}", "--auth", "Password", "--password", password,
            "--aof", "--recover", "--lua", "--lua-transaction-mode", "--device-type", "RandomAccess", "--checkpointdir", folder,
            "--memory", "64m", "--page", "4m", "--index", "16m", "--aof-memory", "64m", "--aof-page-size", "8m",
            "--logger-level", "Error", "-q",
        ], NullLoggerFactory.Instance);
        _server.Start();
    }

    public void Dispose() => _server.Dispose();
}
