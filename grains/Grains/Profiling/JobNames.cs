using System.Text.Json;
using Hone.Devices.Tables;
using Hone.Model;

namespace Hone.Grains.Profiling;

/// <summary>Names of measurements: an operation goes by what decides its cost, a network by the hash of everything but its name.</summary>
internal static class JobNames
{
    private const int HashLength = 32;
    private const string Network = "network ";

    public static string Of(Workload network) => Network + BlobId.Of(JsonSerializer.SerializeToUtf8Bytes(network with { Key = "" }, StudyJson.Options)).Hex[..HashLength];

    public static MeasureJob Operation(Op op, Workload of, string? trace)
    {
        Workload alone = OpKey.Alone(op, of);
        return new MeasureJob(alone.Key, alone, Trace: trace);
    }

    public static bool IsNetwork(string job) => job.StartsWith(Network, StringComparison.Ordinal);
}
