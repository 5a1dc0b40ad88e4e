using Hone.Model;

namespace Hone.Contracts;

/// <summary>Prices workloads on a device of the catalog by its model; the key is the device's name, with its options where a study sets some.</summary>
[Alias("hone.modelled-device")]
public interface IModelledDeviceGrain : IGrainWithStringKey
{
    /// <summary>Prices one run of each workload under the best configuration that fits.</summary>
    [Alias("price")]
    Task<ValueList<Quote>> Price(ValueList<Workload> workloads);
}
