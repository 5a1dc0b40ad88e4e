using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>X [rows][columns] to Y of the same shape.</summary>
internal sealed unsafe class ElementwiseOperation(int rows, int columns, FunctionStep function) : Operation(checked(rows * columns), rows * columns)
{
    public static ElementwiseOperation Build(Op.Elementwise op, Surroundings around)
    {
        if (op.Approximation != Approximation.Exact) around.Notes.Add(op.Id, $"computed exactly instead of by {op.Approximation}");
        int rows = around.Rows(op.Rows);
        return new ElementwiseOperation(rows, op.Columns, FunctionStep.Drawn(op.Function, rows, op.Columns, around.Draws));
    }

    public override void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        fixed (float* from = x, to = y) function.Run(from, to, rows, workers);
    }
}
