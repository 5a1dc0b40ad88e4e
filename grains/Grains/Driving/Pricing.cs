using Hone.Contracts;
using Hone.Grains.Profiling;
using Hone.Model;
using Hone.Search;
using Hone.Studies;

namespace Hone.Grains.Driving;

/// <summary>A candidate's price on all devices of the study: measurements, or the first constraint that it breaks.</summary>
internal sealed record Price(ValueList<Measurement> Measurements, Rejection? Rejection);

/// <summary>
/// Lowers candidates, has them priced by the devices' grains and checks the hard constraints that a price can decide. An attached device is asked last and only for what the others do not
/// reject; what it has not measured yet has no price for now.
/// </summary>
internal sealed class Pricing(StudyPlace place)
{
    private readonly PriceJudge _judge = new(place.Spec);
    private ValueList<string> _front;   // keys that attached devices were told of

    /// <summary>What prices wait for, in a line; null when nothing does.</summary>
    public string? Waits { get; private set; }

    /// <param name="trace">W3C traceparent of the first traced of them.</param>
    /// <returns>In the candidates' order; null where measurements must come first.</returns>
    /// <exception cref="PausedException">A measurement was lost too often.</exception>
    public async Task<IReadOnlyList<Price?>> Price(IReadOnlyList<Candidate> candidates, string? trace)
    {
        if (place.Study.PricedByEvaluation) return [.. candidates.Select(_ => new Price([], null))];
        Workload[] workloads = [.. candidates.Select(place.Study.Lower)];
        var quotes = workloads.Select(_ => new Quote?[place.Spec.Devices.Count]).ToArray();   // (candidates)(devices)
        Waits = null;
        for (int d = 0; d < place.Spec.Devices.Count; d++)
            if (!DeviceCatalog.IsAttached(place.Spec.Devices[d])) await Modelled(d, workloads, quotes);
        int[] open = [.. Enumerable.Range(0, workloads.Length).Where(i => _judge.Rejects(workloads[i], quotes[i]) is null)];
        for (int d = 0; d < place.Spec.Devices.Count; d++)
            if (DeviceCatalog.IsAttached(place.Spec.Devices[d]) && open.Length > 0) await Attached(d, open, workloads, quotes, trace);
        return [.. workloads.Select((w, i) => Judge(w, quotes[i]))];
    }

    /// <summary>Tells attached devices of the front of what is committed, where it has changed: what is only predicted there is measured first.</summary>
    public async Task Prefer(IReadOnlyList<Trial> committed)
    {
        if (!place.Spec.Devices.Any(DeviceCatalog.IsAttached)) return;
        ValueList<string> front = FrontSelection.Members(committed, place.Spec.Objectives).Select(m => m.Key).ToValueList();
        if (front == _front) return;
        ValueList<Workload> workloads = front.Except(_front).Select(key => place.Study.Lower(place.Study.Space.Parse(key))).ToValueList();
        _front = front;
        foreach (DeviceSpec device in place.Spec.Devices.Where(DeviceCatalog.IsAttached)) await place.Grains.GetGrain<IDeviceProfilerGrain>(device.Name).Prefer(workloads);
    }

    private async Task Modelled(int device, Workload[] workloads, Quote?[][] quotes)
    {
        ValueList<Quote> priced = await place.Grains.GetGrain<IModelledDeviceGrain>(DeviceKey.Of(place.Spec.Devices[device])).Price(workloads.ToValueList());
        for (int i = 0; i < workloads.Length; i++) quotes[i][device] = priced[i];
    }

    private async Task Attached(int device, int[] open, Workload[] workloads, Quote?[][] quotes, string? trace)
    {
        DevicePrices prices = await place.Grains.GetGrain<IDeviceProfilerGrain>(place.Spec.Devices[device].Name).Price(open.Select(i => workloads[i]).ToValueList(), trace);
        if (prices.Stuck is { } stuck) throw new PausedException($"{stuck}; mend the cause and run the study again");
        Waits ??= prices.Waits;
        for (int i = 0; i < open.Length; i++)
            if (!Profiler.IsUnmeasured(prices.Quotes[i])) quotes[open[i]][device] = prices.Quotes[i];
    }

    private Price? Judge(Workload workload, Quote?[] quotes)
    {
        if (_judge.Rejects(workload, quotes) is { } why) return new Price([], why);
        return quotes.Contains(null) ? null : new Price(quotes.SelectMany((q, d) => DeviceMetric.Of(q!.Totals, place.Spec.Devices[d].Name, quotes.Length).AsEnumerable()).ToValueList(), null);
    }
}

/// <summary>A modelled device's grain key: the device's name, and its options where the study sets some.</summary>
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
