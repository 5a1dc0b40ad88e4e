using Hone.Model;
using Hone.Silo.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Hone.Silo.Web.Api;

/// <summary>The silos as membership knows them, with the role and the version that each tells of itself.</summary>
internal sealed class ClusterMembers(IGrainFactory grains, ISiloMetadataCache metadata, TimeProvider clock)
{
    /// <summary>The keys of what a silo tells of itself.</summary>
    public const string Role = "hone.role", Version = "hone.version";

    private static readonly TimeSpan DeadAreShown = TimeSpan.FromMinutes(10);

    /// <summary>What a silo tells of itself.</summary>
    public static Dictionary<string, string> Told(SiloOptions options) => new()
    {
        [Role] = options.Role.ToString().ToLowerInvariant(), [Version] = typeof(ClusterMembers).Assembly.GetName().Version!.ToString(3),
    };

    /// <summary>Living silos, and those that died within the last ten minutes.</summary>
    public async Task<ValueList<SiloLine>> All()
    {
        MembershipEntry[] all = await grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: false);
        DateTime since = clock.GetUtcNow().UtcDateTime - DeadAreShown;
        return all.Where(e => e.Status != SiloStatus.Dead || e.IAmAliveTime > since).OrderBy(e => e.SiloName, StringComparer.Ordinal).Select(Line).ToValueList();
    }

    private SiloLine Line(MembershipEntry entry)
    {
        IReadOnlyDictionary<string, string> told = metadata.GetSiloMetadata(entry.SiloAddress).Metadata;
        return new SiloLine(entry.SiloName, told.GetValueOrDefault(Role, ""), entry.Status.ToString().ToLowerInvariant(), told.GetValueOrDefault(Version, ""), entry.SiloAddress.Endpoint.ToString());
    }
}
