using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Hone.Grains.Placement;

/// <summary>
/// Leaves out the workers. What a silo is for stands in its name, which is in the membership table from the moment a silo is: metadata that must be asked for comes
/// later. Where only workers are there is no place: the call fails and is made again once a control silo is back, rather than a grain living where it must not.
/// </summary>
public sealed class ControlOnlyDirector(IClusterMembershipService membership) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var members = membership.CurrentSnapshot.Members;
        return silos.Where(silo => members.TryGetValue(silo, out ClusterMember? member) && !SiloName.IsWorker(member.Name));
    }
}
