using Hone.Contracts;
using Hone.Grains.Driving;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains;

/// <summary>Prices workloads on one device of the catalog.</summary>
[KeepAlive]
public sealed class DeviceProfilerGrain : Grain, IDeviceProfilerGrain
{
    private IDevice? _device;

    public Task<ValueList<Quote>> Price([Immutable] ValueList<Workload> workloads)
    {
        IDevice device = _device ??= DeviceCatalog.Open(DeviceKey.Parse(this.GetPrimaryKeyString()));
        var quotes = new List<Quote>(workloads.Count);
        foreach (Workload workload in workloads)
        {
            quotes.Add(device.Price(Schedule.Once(workload)) with { Ops = [] });   // costs by operation are asked for one by one, not carried through a search
        }
        return Task.FromResult(quotes.ToValueList());
    }
}
