using Hone.Contracts;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains.Driving;

/// <summary>A candidate's price on all devices of the study: measurements, or the first constraint that it breaks.</summary>
internal sealed record Price(ValueList<Measurement> Measurements, Rejection? Rejection);

/// <summary>Lowers candidates, has them priced by the devices' grains and checks the hard constraints that a price can decide.</summary>
internal sealed class Pricing(StudyPlace place)
{
    private readonly PriceJudge _judge = new(place.Spec);

    public async Task<IReadOnlyList<Price>> Price(IReadOnlyList<Candidate> candidates)
    {
        ValueList<Workload> workloads = candidates.Select(place.Study.Lower).ToValueList();
        List<ValueList<Quote>> quotes = [];
        foreach (DeviceSpec device in place.Spec.Devices.AsEnumerable())
            quotes.Add(await place.Grains.GetGrain<IDeviceProfilerGrain>(DeviceKey.Of(device)).Price(workloads));
        return candidates.Select((_, i) => Judge(workloads[i], quotes.Select(q => q[i]).ToList())).ToList();
    }

    private Price Judge(Workload workload, IReadOnlyList<Quote> quotes) =>
        _judge.Rejects(workload, quotes) is { } why ? new Price([], why) : new Price(quotes.SelectMany(q => q.Totals.AsEnumerable()).ToValueList(), null);
}

/// <summary>A device grain's key: the device's name, and its options where the study sets some.</summary>
internal static class DeviceKey
{
    public static string Of(DeviceSpec device) => device.Options.Count == 0 ? device.Name : $"{device.Name}?{StudyJson.Canonical(device.Options)}";

    public static DeviceSpec Parse(string key)
    {
        int mark = key.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? new DeviceSpec(key, null, [])
            : new DeviceSpec(key[..mark], null, (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(key[(mark + 1)..])!);
    }
}
