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
    private long _priced;
    private string _calibration = "";

    public Task<ValueList<Quote>> Price([Immutable] ValueList<Workload> workloads)
    {
        IDevice device = _device ??= DeviceCatalog.Open(DeviceKey.Parse(this.GetPrimaryKeyString()));
        var quotes = new List<Quote>(workloads.Count);
        foreach (Workload workload in workloads)
        {
            Quote quote = device.Price(Schedule.Once(workload));
            _calibration = quote.Calibration;
            quotes.Add(quote with { Ops = [] });   // costs by operation are asked for one by one, not carried through a search
        }
        _priced += workloads.Count;
        return Task.FromResult(quotes.ToValueList());
    }

    public Task<DeviceStatus> Status() => Task.FromResult(new DeviceStatus(this.GetPrimaryKeyString(), _priced, _calibration));
}
