using Hone.Contracts;
using Hone.Grains.Placement;
using Hone.Model;

namespace Hone.Grains;

/// <summary>The names of all devices that nodes measure.</summary>
[GenerateSerializer]
[Alias("hone.device-index-state")]
public sealed class DeviceIndexState
{
    [Id(0)]
    public SortedSet<string> Devices { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>The list of attached devices that <c>hone device list</c> and the page read.</summary>
[ControlOnly]
public sealed class DeviceIndexGrain([PersistentState("index")] IPersistentState<DeviceIndexState> index) : Grain, IDeviceIndexGrain
{
    public Task Add(string device) => index.State.Devices.Contains(device) ? Task.CompletedTask
        : index.Write(new DeviceIndexState { Devices = new(index.State.Devices, StringComparer.Ordinal) { device } });

    public Task<ValueList<string>> All() => Task.FromResult(index.State.Devices.ToValueList());
}
