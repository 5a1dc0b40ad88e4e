using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>What a workload is run for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Mode>))]
public enum Mode { Infer, Prefill, Decode, Train }

/// <summary>Data flow between two operations, by id.</summary>
public sealed record Edge(string From, string To);

/// <summary>
/// Device-neutral operations with shapes, formats and sparsity. Every method lowers a candidate to a workload; every device prices one.
/// </summary>
public sealed record Workload(string Key, Mode Mode, int Batch, ValueList<Op> Ops, ValueList<Edge> Edges = default, int CacheLength = 0);

/// <summary>A workload run a number of times.</summary>
public sealed record SchedulePart(Workload Workload, double Times);

/// <summary>Several workloads with multiplicities: training cost, ragged batches, phases.</summary>
public sealed record Schedule(ValueList<SchedulePart> Parts)
{
    public static Schedule Once(Workload workload) => new([new SchedulePart(workload, 1)]);
}
