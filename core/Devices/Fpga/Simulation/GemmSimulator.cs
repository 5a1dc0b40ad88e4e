namespace Hone.Devices.Fpga.Simulation;

/// <summary>How the engine's units are kept in step.</summary>
public enum Control
{
    /// <summary>
    /// As the published designs' loops: a step ends when both loads and the array are through; the first step of a row tile runs the array masked, the last one
    /// only drains it; a row tile's results leave while the next one runs, and no row tile is shorter than that.
    /// </summary>
    Lockstep,

    /// <summary>As <see cref="Lockstep"/> without the masked passes: a row tile's first step only loads, and the first row tile has nothing to drain.</summary>
    Unmasked,

    /// <summary>Each unit goes on as soon as its own buffers allow, over row tiles and groups of heads: what a better controller would gain.</summary>
    Eager,
}

/// <summary>Where the array's cycles went.</summary>
/// <param name="Cycles">In all.</param>
/// <param name="Computing">A tile's columns streamed.</param>
/// <param name="Masked">Columns streamed without effect.</param>
/// <param name="WaitingInput">Idle, the activations of the next tile under way.</param>
/// <param name="WaitingWeights">Idle, only its weights under way.</param>
/// <param name="WaitingOutput">Idle, results under way.</param>
/// <param name="Result">Accumulators (heads, M, F), where operands were given.</param>
public sealed record Simulated(long Cycles, long Computing, long Masked, long WaitingInput, long WaitingWeights, long WaitingOutput, int[]? Result);

/// <summary>
/// A matrix product on an engine, clock edge by clock edge: transfer queues, double buffers, the array, the drain. Shares no arithmetic with
/// <see cref="GemmLatency"/>, which it judges. The external memory is not simulated: ports always have words to move.
/// </summary>
public static class GemmSimulator
{
    /// <param name="operands">Null: cycles only; the same states are passed through.</param>
    /// <param name="startUp">Cycles before the first word of each transfer; the formula knows none.</param>
    /// <exception cref="ArgumentException">Operands of other shapes, or rows of 16 bits with operands.</exception>
    public static Simulated Run(Engine engine, in GemmShape shape, Control control = Control.Lockstep, Operands? operands = null, int startUp = 0)
    {
        operands?.Check(shape);
        var machine = new Machine(engine, shape, operands, startUp);
        return control == Control.Eager ? new EagerControl(machine).Run() : new LockstepControl(machine, masked: control == Control.Lockstep).Run();
    }
}
