using Hone.Silo.Hosting;
using StackExchange.Redis;

namespace Hone.Silo.Telemetry;

/// <summary>Whether a silo may be sent work: Orleans takes part in the cluster, the store answers, and it is not about to stop.</summary>
internal sealed class Readiness(ISiloStatusOracle silo, Cluster cluster, IHostApplicationLifetime lifetime, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Fresh = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn = new(1);
    private ConnectionMultiplexer? _store;
    private string? _lastStore;
    private long _askedStore;

    /// <summary>Null when it is ready; else why it is not, in one line.</summary>
    public async Task<string?> Missing()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "expected a silo that stays, it is stopping";
        if (!lifetime.ApplicationStarted.IsCancellationRequested || silo.CurrentStatus != SiloStatus.Active) return $"expected an active silo, it is {silo.CurrentStatus.ToString().ToLowerInvariant()}";
        return await Store();
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _turn.Dispose();
    }

    // Asked once a second at the most, however many ask this.
    private async Task<string?> Store()
    {
        await _turn.WaitAsync();
        try
        {
            if (_askedStore != 0 && clock.GetElapsedTime(_askedStore) < Fresh) return _lastStore;
            _lastStore = await Ping();
            _askedStore = clock.GetTimestamp();
            return _lastStore;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string?> Ping()
    {
        try
        {
            _store ??= await ConnectionMultiplexer.ConnectAsync(cluster.Redis);
            await _store.GetDatabase().PingAsync().WaitAsync(Patience, clock);
            return null;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return $"expected an answer of the store at {cluster.Address.Redis.Split(',')[0]} within {Patience.TotalSeconds:0} s, got none; the silo goes on when it is back";
        }
    }
}
