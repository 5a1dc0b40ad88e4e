using Hone.Devices.Cpu.Runtime.Convolution;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>A convolution with the fused functions behind; see <see cref="ConvShape"/> for the order of X and Y.</summary>
internal sealed unsafe class ConvOperation(ConvShape shape, IConvolution convolution, FunctionStep[] fused)
    : Operation(checked(shape.Batch * shape.Height * shape.Width * shape.Channels), checked(shape.Positions * shape.Outputs))
{
    public override InstructionSet Instructions => convolution.Instructions;

    public static ConvOperation Build(Op.Conv op, Surroundings around)
    {
        ConvShape shape = ConvShape.Of(op, around.Batch);
        return new ConvOperation(shape, Choose(op, shape, around), around.Fused(op.Fused, shape.Positions, shape.Outputs));
    }

    public override void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        convolution.Run(x, y, workers);
        fixed (float* to = y)
            foreach (FunctionStep function in fused) function.Run(to, to, shape.Positions, workers);
    }

    private static IConvolution Choose(Op.Conv op, ConvShape shape, Surroundings around)
    {
        if (shape.Groups == 1) return new Unfolded(shape, around.Matrix(op.Id, op.Weights, op.In, Unfolded.Strip(shape)));
        string kernel = shape.IsDepthwise ? "depthwise kernel" : $"reference kernel, no fast one covers {shape.Groups} groups";
        around.Notes.Add(op.Id, $"{kernel}: 32-bit floats, weights dense");
        float[] weights = around.Draws.Floats(checked(shape.Outputs * shape.Inputs), DrawnMatrix.Range(shape.Inputs)), bias = around.Draws.Floats(shape.Outputs, DrawnMatrix.BiasRange);
        return shape.IsDepthwise ? new Depthwise(shape, weights, bias) : new Grouped(shape, weights, bias);
    }
}
