using System.Net;
using System.Threading.RateLimiting;

namespace Hone.Silo.Web.Security;

/// <summary>How many wrong tokens an address may bring: twenty at once, then one every three seconds. Who has used them up is turned away unheard.</summary>
internal sealed class FailureLimit : IDisposable
{
    private const int Burst = 20;
    private const int Subnet = 8;   // bytes of an IPv6 address that one subscriber has for himself

    /// <summary>After how long a failure is forgiven.</summary>
    public static readonly TimeSpan Forgives = TimeSpan.FromSeconds(3);

    private readonly PartitionedRateLimiter<IPAddress> _failures = PartitionedRateLimiter.Create<IPAddress, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(Key(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst, TokensPerPeriod = 1, ReplenishmentPeriod = Forgives, AutoReplenishment = true, QueueLimit = 0,
        }));

    /// <summary>Whether an address has failures left.</summary>
    public bool Hears(IPAddress? address) => _failures.GetStatistics(address ?? IPAddress.None) is not { CurrentAvailablePermits: 0 };

    public void Failed(IPAddress? address) => _failures.AttemptAcquire(address ?? IPAddress.None).Dispose();

    public void Dispose() => _failures.Dispose();

    private static string Key(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        return Convert.ToHexString(bytes.Length == 16 && !IPAddress.IsLoopback(plain) ? bytes[..Subnet] : bytes);
    }
}
