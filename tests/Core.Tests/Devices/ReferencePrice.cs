using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

/// <summary>The slow, obvious price of a workload of fixed sizes: the sum of its products' cycles, written without the device's lowering.</summary>
internal static class ReferencePrice
{
    public static long Cycles(Workload workload, Engine engine) => Shapes(workload).Sum(s => GemmLatency.Cycles(engine, s));

    public static IEnumerable<GemmShape> Shapes(Workload workload)
    {
        foreach (Op op in workload.Ops.ToArray())
        {
            if (op is Op.Gemm g)
            {
                int Rows(int low, int high) => g.Weights.Rows.Where(p => p.Format.Bits > low && p.Format.Bits <= high).Sum(p => p.Rows);
                yield return new GemmShape(Rows(0, 4), Rows(4, 8), Rows(8, 16), g.Weights.K, g.Columns.Max, 0, g.In.Bits);
            }
            if (op is Op.Attention a)
            {
                int queries = a.Queries.Max, keys = a.Keys.Max;
                yield return new GemmShape(0, keys, 0, a.Width, queries, a.Heads, a.Q.Bits);     // Q K^T, K of 8 bits on the weight port
                yield return new GemmShape(0, a.Width, 0, keys, queries, a.Heads, a.P.Bits);     // P V, V of 8 bits on the weight port
            }
        }
    }
}
