namespace Hone.Grains;

/// <summary>How many slots the studies of a tenant hold at once, where the cluster says so.</summary>
/// <param name="Slots">By tenant; those that are not named have no limit.</param>
public sealed record TenantLimits(IReadOnlyDictionary<string, int> Slots)
{
    /// <summary>0: no limit.</summary>
    public int Of(string tenant) => Slots.GetValueOrDefault(tenant);
}
