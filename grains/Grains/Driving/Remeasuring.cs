using Hone.Contracts;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains.Driving;

/// <summary>
/// Chosen members measured end to end on the attached devices, the whole network each, before anything is said to be measured. The device's grain remembers what was measured, so nothing is here.
/// </summary>
/// <param name="devices">Those that the members are for, modelled ones too.</param>
internal sealed class Remeasuring(StudyPlace place, ValueList<DeviceSpec> devices)
{
    private readonly Dictionary<(int Ordinal, string Device), ValueList<Measurement>> _measured = [];

    /// <summary>What it waits for; null when all are measured.</summary>
    public string? Waits { get; private set; }

    public int Left { get; private set; }

    /// <summary>Asks for what is not known yet.</summary>
    /// <exception cref="PausedException">A measurement was lost too often.</exception>
    /// <exception cref="HoneException">The device cannot run a member.</exception>
    public async Task Ask(IReadOnlyList<FrontMember> members)
    {
        (Waits, Left) = (null, 0);
        foreach (string device in Devices)
            foreach (FrontMember member in members)
            {
                if (_measured.ContainsKey((member.Ordinal, device))) continue;
                Workload workload = place.Study.Lower(place.Study.Space.Parse(member.Key));
                NetworkAnswer answer = await place.Grains.GetGrain<IDeviceProfilerGrain>(device).Measure(workload);
                if (answer.Measured is { } time) _measured[(member.Ordinal, device)] = DeviceMetric.Of([time, Throughput.Of(time, workload.Batch)], device, devices.Count);
                else if (answer.Failure is { } failure) throw new HoneException($"member {member.Ordinal} on {device}: {failure.Message}");
                else if (answer.Stuck is { } stuck) throw new PausedException($"{stuck}; mend the cause and run the study again");
                else (Waits, Left) = (answer.Waits, Left + 1);
            }
    }

    /// <summary>The member with what was measured first, and what its price said behind, as search_&lt;metric&gt;.</summary>
    public FrontMember Of(FrontMember member)
    {
        Measurement[] anew = [.. Devices.SelectMany(d => _measured[(member.Ordinal, d)].AsEnumerable())];
        return anew.Length == 0 ? member : member with
        {
            Measurements = [.. member.Measurements.Select(m => Anew(m) ?? m), .. member.Measurements.Where(m => Anew(m) is not null).Select(m => m with { Metric = $"search_{m.Metric}" })],
        };

        Measurement? Anew(Measurement priced) => Array.Find(anew, a => a.Device == priced.Device && a.Metric == priced.Metric);
    }

    private IEnumerable<string> Devices => devices.Where(DeviceCatalog.IsAttached).Select(d => d.Name);
}
