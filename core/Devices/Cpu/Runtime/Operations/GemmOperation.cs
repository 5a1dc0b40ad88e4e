using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>X [rows][K] to Y [rows][N] with N = M of the weights, then the fused functions over Y, by whoever finished its rows. A row is a column of the workload: a token of an input.</summary>
internal sealed unsafe class GemmOperation(Matrix matrix, int rows, FunctionStep[] fused) : Operation(checked(rows * matrix.Inputs), checked(rows * matrix.Outputs))
{
    private readonly Fused _fused = new(fused);

    public override InstructionSet Instructions => matrix.Instructions;

    public static GemmOperation Build(Op.Gemm op, Surroundings around)
    {
        int rows = around.Rows(op.Columns);
        Matrix matrix = around.Matrix(op.Id, op.Weights, op.In, rows);
        return new GemmOperation(matrix, rows, around.Fused(op.Fused, rows, op.Weights.M));
    }

    public override void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        IAfter? along = _fused.Along(rows, workers);
        matrix.Run(x, y, rows, workers, along);
        fixed (float* to = y) _fused.Rest(along, to, rows, workers);
    }
}
