using System.Text.Json;
using Hone.Contracts;
using Hone.Devices.Tables;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains.Driving;

/// <summary>Devices as they are now: modelled ones from the catalog, attached ones with the tables that their grains have at the moment. What is asked of them afterwards is pure.</summary>
internal sealed class OpenDevices
{
    private readonly Dictionary<string, CostTable> _tables = new(StringComparer.Ordinal);

    /// <summary>Fetches the tables of those that are attached.</summary>
    public static async Task<OpenDevices> Of(StudyPlace place, IEnumerable<DeviceSpec> devices)
    {
        var opened = new OpenDevices();
        foreach (string name in devices.Where(DeviceCatalog.IsAttached).Select(d => d.Name).Distinct())
        {
            BlobId blob = await place.Grains.GetGrain<IDeviceProfilerGrain>(name).Table();
            using Stream text = await Task.Run(() => place.Blobs.Open(blob));
            opened._tables[name] = (await JsonSerializer.DeserializeAsync<CostTable>(text, StudyJson.Options))!;
        }
        return opened;
    }

    /// <exception cref="SpecException">Unknown device or option.</exception>
    public IDevice Open(DeviceSpec device) => DeviceCatalog.Open(device, name => _tables[name]);
}
