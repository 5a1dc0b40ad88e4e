using Hone.Silo.Hosting;
using StackExchange.Redis;

namespace Hone.Silo.Telemetry;

/// <summary>Whether the cluster's store answers; asked once a second at the most, however many ask this.</summary>
internal sealed class StoreProbe(Cluster cluster, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Fresh = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn = new(1);
    private ConnectionMultiplexer? _store;
    private (string? Missing, long At)? _last;

    /// <summary>Null when it answers; else what is missing, in one line.</summary>
    public async Task<string?> Missing()
    {
        await _turn.WaitAsync();
        try
        {
            if (_last is var (known, at) && clock.GetElapsedTime(at) < Fresh) return known;
            string? missing = await Ask();
            _last = (missing, clock.GetTimestamp());
            return missing;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _turn.Dispose();
    }

    private async Task<string?> Ask()
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
