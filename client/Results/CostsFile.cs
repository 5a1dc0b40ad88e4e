using System.Text.Json;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>What an operation takes of its member's total.</summary>
internal sealed record OperationCost(string Op, double Value, string? Block = null, string? BoundBy = null);

/// <summary>What a member costs on a device.</summary>
/// <param name="Operations">In the network's order; they add up to <paramref name="Total"/>.</param>
/// <param name="Why">Why faster configurations were turned down.</param>
internal sealed record MemberCost(
    int Ordinal, string Key, double Total, string? Configuration = null, IReadOnlyList<OperationCost>? Operations = null, IReadOnlyList<string>? Why = null);

/// <summary>Differences of less than <paramref name="Percent"/> are not resolved.</summary>
/// <param name="Source">Where the figure is from, for people.</param>
internal sealed record Resolution(double Percent, string Source);

/// <summary>Latencies of the members at an assumed time of the host.</summary>
/// <param name="ElementNs">Nanoseconds per element.</param>
/// <param name="BlockMs">Milliseconds per block.</param>
/// <param name="LatencyMs">Per member, in their order.</param>
internal sealed record HostTime(double ElementNs, double BlockMs, IReadOnlyList<double?> LatencyMs);

/// <summary>How the members' order at one host time relates to that at another.</summary>
/// <param name="From">An index of the host times, as is <paramref name="To"/>.</param>
/// <param name="Tau">Kendall's tau; null where no pair is resolved.</param>
/// <param name="Swapped">Ordinals of the pairs whose order turns round.</param>
internal sealed record HostOrder(int From, int To, double? Tau = null, IReadOnlyList<IReadOnlyList<int>>? Swapped = null);

/// <summary>The members' costs on one device: the front's, then the demoted ones'.</summary>
internal sealed record DeviceCosts(
    string Device, string Unit, IReadOnlyList<MemberCost> Members, string? Calibration = null, Resolution? Resolution = null, IReadOnlyList<HostTime>? HostTimes = null,
    IReadOnlyList<HostOrder>? Orders = null);

/// <summary>The content of costs.json, which tells where the members' time goes on each device.</summary>
internal sealed record CostsFile(IReadOnlyList<DeviceCosts> Devices)
{
    public const string Name = "costs.json";

    /// <returns>Null where there is no such file: not every study prices its candidates.</returns>
    /// <exception cref="HoneException">Not a costs.json.</exception>
    public static CostsFile? Load(string path) => File.Exists(path) ? Parse(File.ReadAllText(path), path) : null;

    /// <exception cref="HoneException">Not the text of a costs.json; the message names <paramref name="where"/>.</exception>
    public static CostsFile Parse(string text, string where) => FrontFile.Guarded(where, () =>
    {
        CostsFile file = JsonSerializer.Deserialize<CostsFile>(text, Strict)!;
        foreach (DeviceCosts device in file.Devices)
        {
            foreach (HostTime time in device.HostTimes ?? [])
                if (time.LatencyMs.Count != device.Members.Count)
                    throw new FormatException($"{time.LatencyMs.Count} latencies for {device.Members.Count} members on {device.Device}");
            foreach (HostOrder order in device.Orders ?? [])
                if (Math.Max(order.From, order.To) >= (device.HostTimes?.Count ?? 0) || Math.Min(order.From, order.To) < 0)
                    throw new FormatException($"an order from host time {order.From} to {order.To} of {device.HostTimes?.Count ?? 0} on {device.Device}");
        }
        return file;
    });

    // What has no default must be there.
    private static readonly JsonSerializerOptions Strict = new(StudyJson.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}
