using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>The functions behind a product, one after the other.</summary>
internal sealed unsafe class Fused(FunctionStep[] functions) : IAfter
{
    /// <summary>What a product with so many rows takes along: nothing where there are no functions, nor where rows are fewer than workers, who then share single elements.</summary>
    public IAfter? Along(int rows, Workers workers) => functions.Length > 0 && rows >= workers.Count ? this : null;

    /// <summary>What is left to do after a product that took so much along.</summary>
    public void Rest(IAfter? along, float* y, int rows, Workers workers)
    {
        if (along is not null) return;
        foreach (FunctionStep function in functions) function.Run(y, y, rows, workers);
    }

    public void Rows(float* y, int from, int to)
    {
        foreach (FunctionStep function in functions) function.Rows(y, from, to);
    }
}
