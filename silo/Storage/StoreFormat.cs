using System.Globalization;
using Hone.Contracts;
using Hone.Model;
using StackExchange.Redis;

namespace Hone.Silo.Storage;

/// <summary>The format of what lies in a store, said by the first silo that used it and read by every other before it joins.</summary>
internal static class StoreFormat
{
    /// <summary>The key in the store; its value is the number of the format.</summary>
    public const string Key = $"{ClusterAddress.ServiceId}/format";

    /// <exception cref="HoneException">The store is of another format, or does not answer.</exception>
    public static async Task Check(ConfigurationOptions redis)
    {
        string where = string.Join(',', redis.EndPoints);
        try
        {
            await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis);
            IDatabase store = connection.GetDatabase();
            string ours = ClusterAddress.FormatVersion.ToString(CultureInfo.InvariantCulture);
            RedisValue there = await store.StringGetAsync(Key);
            if (there.IsNull) await store.StringSetAsync(Key, ours, when: When.NotExists);
            else if (there != ours) throw new HoneException($"{where}: expected a store of format {ours}, got {there}; use the Hone that wrote it, or another store");
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new HoneException($"expected a Redis that answers at {where}, it does not ({e.Message.Split('\n', '\r')[0]}); check the address, the password ($HONE_REDIS) and that it runs and has room", e);
        }
    }
}
