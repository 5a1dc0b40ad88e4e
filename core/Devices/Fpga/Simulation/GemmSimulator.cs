namespace Hone.Devices.Fpga.Simulation;

/// <summary>How the engine's units are kept in step.</summary>
public enum Control
{
    /// <summary>
    /// The formula's own machine: a step ends when both loads and the array are through; the first step of a row tile runs the array masked, the last one
    /// only drains it; a row tile's results leave while the next one runs, and no row tile is shorter than that.
    /// </summary>
    Lockstep,

    /// <summary>As <see cref="Lockstep"/> without the masked passes: a row tile's first step only loads, and the first row tile has nothing to drain.</summary>
    Unmasked,

    /// <summary>Each unit goes on as soon as its own buffers allow, over row tiles and groups of heads: what a better controller would gain.</summary>
    Eager,
}

/// <summary>Where the cycles of a product went, and what moved.</summary>
/// <param name="Cycles">In all.</param>
/// <param name="Computing">A tile's columns streamed.</param>
/// <param name="Masked">Columns streamed without effect.</param>
/// <param name="WaitingInput">Array idle, the activations of the next tile under way.</param>
/// <param name="WaitingWeights">Array idle, only its weights under way.</param>
/// <param name="WaitingOutput">Array idle, results under way.</param>
/// <param name="Words">Words of 128 bits that crossed the external memory.</param>
/// <param name="Multiplications">Of packed slices.</param>
/// <param name="Overdrawn">Of them, those that found no slice because a lone last column was given half the slot of a pair; 0 with <see cref="Fabric.ColumnPairs"/>.</param>
/// <param name="Result">Accumulators (heads, M, F), where operands were given; the rounding to the output's bits is not simulated.</param>
public sealed record Simulated(
    long Cycles, long Computing, long Masked, long WaitingInput, long WaitingWeights, long WaitingOutput, long Words, long Multiplications, long Overdrawn, int[]? Result);

/// <summary>
/// A matrix product on an engine, clock edge by clock edge: words through transfer queues into double buffers, multiplications on slices, sums through a pipeline
/// into accumulators, results out. Shares no arithmetic with <see cref="GemmLatency"/>. In lockstep on <see cref="Fabric.Formula"/> it is the machine that the
/// formula describes, so their agreement checks roundings, sums, tile walks and values; how far that machine is from others, the other controllers and fabrics say.
/// </summary>
public static class GemmSimulator
{
    /// <param name="operands">Null: cycles only; the same states are passed through.</param>
    /// <param name="fabric">Null: <see cref="Fabric.Formula"/>.</param>
    /// <exception cref="ArgumentException">Operands of other shapes, rows of 16 bits with operands, or an engine of broken slices.</exception>
    public static Simulated Run(Engine engine, in GemmShape shape, Control control = Control.Lockstep, Operands? operands = null, Fabric? fabric = null)
    {
        operands?.Check(shape);
        var machine = new Machine(engine, shape, operands, fabric ?? Fabric.Formula);
        return control == Control.Eager ? new EagerControl(machine).Run() : new LockstepControl(machine, masked: control == Control.Lockstep).Run();
    }
}
