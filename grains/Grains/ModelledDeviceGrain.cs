using Hone.Contracts;
using Hone.Grains.Driving;
using Hone.Grains.Placement;
using Hone.Grains.Telemetry;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains;

/// <summary>Prices workloads on one device of the catalog, by its model.</summary>
[ControlOnly]
[KeepAlive]
public sealed class ModelledDeviceGrain(TimeProvider clock) : Grain, IModelledDeviceGrain
{
    private IDevice? _device;

    public Task<ValueList<Quote>> Price([Immutable] ValueList<Workload> workloads)
    {
        DeviceSpec spec = DeviceKey.Parse(this.GetPrimaryKeyString());
        IDevice device = _device ??= DeviceCatalog.Open(spec);
        long began = clock.GetTimestamp();
        var quotes = new List<Quote>(workloads.Count);
        foreach (Workload workload in workloads)
        {
            quotes.Add(device.Price(Schedule.Once(workload)) with { Ops = [] });   // costs by operation are asked for one by one, not carried through a search
        }
        HoneMeter.Pricings.Add(quotes.Count, Label.Device.Of(spec.Name));
        HoneMeter.PricingTime.Record(clock.GetElapsedTime(began).TotalSeconds, Label.Device.Of(spec.Name));
        return Task.FromResult(quotes.ToValueList());
    }
}
