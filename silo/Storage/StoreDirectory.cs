using System.Globalization;
using Hone.Contracts;
using Orleans.GrainDirectory;
using StackExchange.Redis;

namespace Hone.Silo.Storage;

/// <summary>
/// Where each grain lives, kept in the store. Orleans' own directory is spread over all silos, so that the death of any worker takes a part of it along: grains that live elsewhere are
/// deactivated, and calls to others fail until the death is known. Here a worker's death costs its jobs only. Silos remember what they looked up, so a store that is away for a
/// moment stops new activations and nothing else.
/// </summary>
internal sealed class StoreDirectory(ConfigurationOptions redis, string clusterId) : IGrainDirectory, IAsyncDisposable
{
    // KEYS[1] the directory; ARGV: the grain, the activation (with a space behind), the entry, the activation that it takes the place of.
    private const string RegisterScript = """
        local there = redis.call('HGET', KEYS[1], ARGV[1])
        if there and not (ARGV[4] ~= '' and string.sub(there, 1, string.len(ARGV[4])) == ARGV[4]) then return there end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
        return ARGV[3]
        """;

    private const string UnregisterScript = """
        local there = redis.call('HGET', KEYS[1], ARGV[1])
        if there and string.sub(there, 1, string.len(ARGV[2])) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
        return 0
        """;

    private readonly RedisKey[] _key = [$"{ClusterAddress.ServiceId}/{clusterId}/directory"];
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection = new(() => ConnectionMultiplexer.ConnectAsync(redis));

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    public async Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        IDatabase store = await Store();
        RedisResult there = await store.ScriptEvaluateAsync(RegisterScript, _key,
            [$"{address.GrainId}", Activation(address), Entry(address), previousAddress is null ? "" : Activation(previousAddress)]);
        return Parse(address.GrainId, (string?)there);
    }

    public async Task Unregister(GrainAddress address) => await (await Store()).ScriptEvaluateAsync(UnregisterScript, _key, [$"{address.GrainId}", Activation(address)]);

    public async Task<GrainAddress?> Lookup(GrainId grainId) => Parse(grainId, await (await Store()).HashGetAsync(_key[0], $"{grainId}"));

    /// <summary>Nothing: entries of dead silos are told apart when they are looked up.</summary>
    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated) await (await _connection.Value).DisposeAsync();
    }

    private async Task<IDatabase> Store() => (await _connection.Value).GetDatabase();

    private static string Activation(GrainAddress address) => $"{address.ActivationId.ToParsableString()} ";

    private static string Entry(GrainAddress address) => $"{Activation(address)}{address.SiloAddress!.ToParsableString()} {address.MembershipVersion}";

    private static GrainAddress? Parse(GrainId grain, string? entry) => entry?.Split(' ') is not [var activation, var silo, var version] ? null : new GrainAddress
    {
        GrainId = grain, ActivationId = ActivationId.FromParsableString(activation), SiloAddress = SiloAddress.FromParsableString(silo),
        MembershipVersion = new MembershipVersion(long.Parse(version, CultureInfo.InvariantCulture)),
    };
}
