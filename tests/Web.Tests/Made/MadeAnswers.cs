using Hone.Contracts;
using Hone.Model;

namespace Hone.Web.Tests.Made;

/// <summary>What a made silo answers beside studies.</summary>
internal static class MadeAnswers
{
    public const string Cluster = """
        {"silos":[{"name":"control-0","role":"control","status":"Active","version":"0.1.0","address":"10.0.4.11:11111"},{"name":"worker-0","role":"worker","status":"Active","version":"0.1.0","address":"10.0.4.21:11111"},
          {"name":"worker-1","role":"worker","status":"Joining","version":"0.1.0","address":"10.0.4.22:11111"}],
         "slots":[{"name":"worker-0/4711/0","numerics":"libtorch 2.10.0, avx512","holds":"fashion-training: training the supernet, shard 0","memory":12884901888},{"name":"worker-0/4711/1","numerics":"libtorch 2.10.0, avx512","memory":12884901888}],
         "queue":{"waiting":3,"leased":1}}
        """;

    public const string Devices = """
        [{"name":"zcu102-eighth","kind":"fpga","description":"An eighth of a ZCU102: small networks meet real limits there.","part":"XCZU9EG","dsp":315,"lut":34260,"ff":68520,"bram18":228,"clockMHz":150,
          "queue":{"waiting":4,"leased":2},"calibration":{"error":6.3,"version":"fpga-1"}},
         {"name":"pi-5","kind":"attached","description":"Cortex-A76, measured","nodes":[{"name":"pi-shelf-1/4711","status":"busy","holds":"gemm 128x512 rows i4r:64+i8r:64 in i6 out i8 x50 gelu","processor":"Cortex-A76","instructions":"advsimddp","cores":4,"threads":4,"governor":"ondemand","celsius":61.5},
          {"name":"pi-shelf-2/811","status":"ready","processor":"Cortex-A76","instructions":"advsimddp","cores":4,"threads":4}],
          "queue":{"waiting":12,"leased":1},"calibration":{"error":2.1,"version":"Cortex-A76/advsimddp/4 threads/kernels 1, table 342","since":"2026-01-01T00:00:00+00:00"},"operations":338,"networks":4},
         {"name":"kv260","kind":"fpga","description":"","part":"XCK26","dsp":1248,"lut":117120,"ff":234240,"bram18":288,"clockMHz":150,"nodes":[]}]
        """;

    /// <summary>An explanation with costs by operation, as the grain gives it.</summary>
    public static Explained Explain(string candidate, bool hostile)
    {
        string text = hostile ? MadeTrials.Hostile : "";
        OpCost[] ops = [.. Enumerable.Range(0, 4).SelectMany(b => new[]
        {
            new OpCost($"b{b}.qkv{text}", $"block {b}{text}", 0.021 + 0.004 * b, "ms", "compute"), new OpCost($"b{b}.attention", $"block {b}{text}", 0.012, "ms", "input"),
            new OpCost($"b{b}.fc1", $"block {b}{text}", 0.018, "ms", "weights"), new OpCost($"b{b}.norm", $"block {b}{text}", 0.003, "ms", "host"),
        })];
        Measurement latency = new("latency_ms", ops.Sum(o => o.Value), "ms", Origin.Modelled, null, "zcu102-eighth", "fpga-1");
        var quote = new Quote([latency], [.. ops], new Configuration("3x32x8-w4a6", "3 head lanes, 32 rows, 8 inputs"), [new Rejection("latency_ms", $"3x32x16-w4a6 is faster but does not fit: LUT 167 %{text}")], $"fpga-1{text}");
        Dominator better = new(12, "depth=4", [new("accuracy", 88.1, "%", Origin.Trained, 0.6), new("latency_ms", 0.21, "ms", Origin.Modelled)], [new Lead("latency_ms", 3.1, 8.1)]);
        return new Explained(new Explanation($"trial {candidate}", null, "dominated", hostile ? text : null, [new DevicePrice($"zcu102-eighth{text}", quote)], [better], 3, MadeStudy.TwoObjectives), null);
    }
}
