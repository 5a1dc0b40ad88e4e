using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Operations;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime;

/// <summary>
/// A workload made ready to be run on this processor: weights of its shapes packed once, random from the seed; buffers allocated once; a run allocates nothing. Sizes that vary are run at
/// their mean, rounded. An operation reads what the one before it wrote, or drawn inputs when that is too little: the numbers mean nothing, but they are finite, and a function of workload
/// and seed alone.
/// </summary>
public sealed class CpuNetwork
{
    /// <summary>Grows with every change that makes runs faster or slower: figures of different versions do not belong into one table.</summary>
    public const int Version = 5;

    private readonly Workers _workers;
    private readonly Stage[] _stages;
    private readonly Buffer64<float> _drawn;
    private readonly Buffer64<float>[] _written;

    /// <param name="workers">They run it; not to be disposed of before the last run.</param>
    /// <param name="seed">Of weights and inputs.</param>
    /// <param name="blobs">Gives the bytes of masks that the workload names (<see cref="Weights.Pattern"/>, laid out as <see cref="Mask.Pack"/> says), or null for what is not there; then masks are drawn.</param>
    /// <exception cref="HoneException">Not covered; says which operation and why. Or a mask is not of its weights' size.</exception>
    public CpuNetwork(Workload workload, Workers workers, ulong seed, Func<BlobId, byte[]?>? blobs = null)
    {
        if (Covers(workload) is { Complete: false } refused) throw new HoneException($"the processor cannot run '{refused.Operation}': {refused.Reason}");
        var notes = new Notes();
        Operation[] operations = [.. workload.Ops.Select((op, i) => OperationKinds.Build(op, new Surroundings(workload.Batch, workload.CacheLength, workers.Count, new Draws(seed, (uint)i), notes, blobs)))];
        (_workers, Notes) = (workers, notes.Lines);
        Instructions = operations.Where(o => o.Instructions != InstructionSet.Scalar).Select(o => o.Instructions).DefaultIfEmpty(TileKernel.Float[^1].Set).Max();
        (_drawn, _written) = (new Buffer64<float>(operations.Max(o => o.Inputs)), [new Buffer64<float>(operations.Max(o => o.Outputs)), new Buffer64<float>(operations.Max(o => o.Outputs))]);
        new Draws(seed, uint.MaxValue).Floats(_drawn.Count, 1).CopyTo(_drawn.Span);
        _stages = Chain(operations, workload.Ops);
    }

    /// <summary>What runs otherwise than the workload says, or without a fast kernel, each with its operation's id.</summary>
    public ValueList<string> Notes { get; }

    /// <summary>The instructions of its matrix products, the last of <see cref="InstructionSet"/> where they differ.</summary>
    public InstructionSet Instructions { get; }

    /// <summary>How often each operation runs, and where from and where to; null reads what was drawn.</summary>
    internal sealed record Stage(string Id, Operation Operation, int Repeat, Buffer64<float>? From, Buffer64<float> To);

    internal IReadOnlyList<Stage> Stages => _stages;

    /// <summary>Whether every operation has a kernel; when not, the first that has none, and why.</summary>
    public static Coverage Covers(Workload workload)
    {
        if (workload.Mode == Mode.Train) return new Coverage(false, workload.Key, "the kernels only run inference");
        if (workload.Batch < 1) return new Coverage(false, workload.Key, $"the batch must be at least 1, got {workload.Batch}");
        if (workload.Ops.Count == 0) return new Coverage(false, workload.Key, "the workload has no operations");
        foreach (Op op in workload.Ops)
            if (OperationKinds.Refusal(op, workload.Batch, workload.CacheLength) is string reason) return new Coverage(false, op.Id, reason);
        return new Coverage(true);
    }

    /// <summary>Runs all operations in order, each as often as it repeats. One caller at a time.</summary>
    public void Run()
    {
        foreach (Stage stage in _stages) Run(stage);
    }

    /// <summary>Runs one of <see cref="Stages"/>; what it wrote stays until the one after the next.</summary>
    internal ReadOnlySpan<float> Run(Stage stage)
    {
        ReadOnlySpan<float> x = (stage.From ?? _drawn).Span[..stage.Operation.Inputs];
        Span<float> y = stage.To.Span[..stage.Operation.Outputs];
        for (int times = 0; times < stage.Repeat; times++) stage.Operation.Run(x, y, _workers);
        return y;
    }

    // Two buffers take turns. An operation that never runs is left out.
    private Stage[] Chain(Operation[] operations, ValueList<Op> ops)
    {
        var stages = new List<Stage>();
        int given = 0, turn = 0;
        for (int i = 0; i < operations.Length; i++)
        {
            if (ops[i].Repeat == 0) continue;
            Operation operation = operations[i];
            stages.Add(new Stage(ops[i].Id, operation, ops[i].Repeat, given >= operation.Inputs ? _written[turn] : null, _written[1 - turn]));
            (given, turn) = (operation.Outputs, 1 - turn);
        }
        return [.. stages];
    }
}
