using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Studies.Analysis;

/// <summary>Where a front's time goes on each device of the study, and how far its order can be trusted: the content of costs.json.</summary>
public sealed record FrontCosts(ValueList<DeviceCosts> Devices)
{
    /// <summary>The file's name beside front.json.</summary>
    public const string File = "costs.json";

    /// <summary>Prices the members on the study's devices as it resolved them. Pure: no clock, no host, nothing trained.</summary>
    /// <param name="members">In the order of front.json: members, then demoted ones.</param>
    /// <param name="devices">Resolved (<see cref="DeviceCatalog.Resolve"/>).</param>
    /// <param name="open">Opens them.</param>
    /// <exception cref="HoneException">A modelled device cannot run a member.</exception>
    public static FrontCosts Of(IStudy study, IReadOnlyList<FrontMember> members, ValueList<DeviceSpec> devices, Func<DeviceSpec, IDevice> open)
    {
        if (study.PricedByEvaluation) return new FrontCosts([]);   // its members' measurements are their costs
        Workload[] workloads = [.. members.Select(m => study.Lower(study.Space.Parse(m.Key)))];
        int[] ordinals = [.. members.Select(m => m.Ordinal)];
        return new FrontCosts(devices.Select(device =>
        {
            IDevice opened = open(device);
            Quote[] quotes = [.. workloads.Select(w => opened.Price(Schedule.Once(w)))];
            bool attached = DeviceCatalog.IsAttached(device);
            ValueList<HostTimeRow> rows = !DeviceCatalog.IsBoard(device) ? [] : HostTimeOrder.Rows(device, workloads);   // of a board: a processor has no other host
            return new DeviceCosts(device.Name, quotes.Length > 0 ? quotes[0].Calibration : "", "ms", ModelResolution.Of(device.Name),
                members.Select((m, i) => (Member: m, Quote: quotes[i])).Where(m => !attached || m.Quote.Totals.Count > 0).Select(m => Costs(m.Member, m.Quote)).ToValueList(),
                rows, rows.Count == 0 ? [] : HostTimeOrder.Changes(rows, ordinals));
        }).ToValueList());
    }

    /// <summary>The text of costs.json.</summary>
    public string Text() => JsonSerializer.Serialize(this, StudyJson.Options) + "\n";

    private static MemberCosts Costs(FrontMember member, Quote quote) => new(
        member.Ordinal, member.Key, quote.Used?.Name ?? "", quote.Value("latency_ms") ?? throw new HoneException($"member {member.Ordinal}: {(quote.Why.Count > 0 ? quote.Why[0].Reason : "the device cannot run it")}"),
        quote.Ops.Select(o => new OperationCost(o.Op, o.Block, o.Value, o.BoundBy)).ToValueList(), quote.Why.Select(w => $"{w.Constraint}: {w.Reason}").ToValueList());
}

/// <summary>A front on one device.</summary>
/// <param name="Calibration">The model's version and the terms it leaves out.</param>
/// <param name="Unit">Of totals and operations.</param>
/// <param name="Resolution">Differences of modelled latency below it are ties; null when nothing is known of the model's error.</param>
public sealed record DeviceCosts(
    string Device, string Calibration, string Unit, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ModelResolution? Resolution,
    ValueList<MemberCosts> Members, ValueList<HostTimeRow> HostTimes, ValueList<HostTimeChange> Orders);

/// <summary>A member's latency, operation by operation; the operations add up to the total.</summary>
/// <param name="Configuration">The engine it is priced on.</param>
/// <param name="Total">Milliseconds, modelled.</param>
/// <param name="Why">Why faster engines were turned down.</param>
public sealed record MemberCosts(int Ordinal, string Key, string Configuration, double Total, ValueList<OperationCost> Operations, ValueList<string> Why);

/// <summary>An operation's share.</summary>
/// <param name="Value">Milliseconds, modelled.</param>
/// <param name="BoundBy">What keeps it from being faster.</param>
public sealed record OperationCost(string Op, string Block, double Value, string BoundBy);
