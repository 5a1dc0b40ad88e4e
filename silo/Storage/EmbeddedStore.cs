using System.Net;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Tsavorite.core;

namespace Hone.Silo.Storage;

/// <summary>
/// Garnet in this process: the Redis protocol on loopback, its append-only file under the data folder, durable across kills. It is given its options as an object, since reading a command
/// line costs it more time than all the rest of its start.
/// </summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    /// <summary>Starts serving; recovers what was written before.</summary>
    public EmbeddedStore(string folder, int port, string password)
    {
        Directory.CreateDirectory(folder);
        _server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)], AuthSettings = new PasswordAuthenticationSettings(password), QuietMode = true,
            CheckpointDir = folder, Recover = true, EnableAOF = true, AofMemorySize = "64m", AofPageSize = "8m",
            DeviceType = DeviceType.RandomAccess, DeviceFactoryCreator = new LocalStorageNamedDeviceFactoryCreator(deviceType: DeviceType.RandomAccess, numCompletionThreads: 4),
            EnableLua = true, LuaTransactionMode = true, LuaOptions = new LuaOptions(LuaMemoryManagementMode.Native, "", Timeout.InfiniteTimeSpan, LuaLoggingMode.Enable, []),
            LogMemorySize = "64m", PageSize = "4m", IndexMemorySize = "16m", RevivifiableFraction = 1, NetworkBufferPoolSize = "64m", NetworkBufferMemoryBudget = "1g",
        }, NullLoggerFactory.Instance);
        try
        {
            _server.Start();
        }
        catch
        {
            _server.Dispose();
            throw;
        }
    }

    public void Dispose() => _server.Dispose();
}
