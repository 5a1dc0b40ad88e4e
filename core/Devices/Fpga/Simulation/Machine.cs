namespace Hone.Devices.Fpga.Simulation;

/// <summary>The units of an engine at work on one product, and its clock. What they do together is the controller's matter.</summary>
internal sealed class Machine
{
    private readonly Engine _engine;
    private readonly GemmShape _shape;
    private readonly Operands? _operands;
    private readonly ExternalMemory _memory;
    private readonly int _inputBits;
    private long _computing, _masked, _waitingInput, _waitingWeights, _waitingOutput;

    public Machine(Engine engine, GemmShape shape, Operands? operands, Fabric fabric)
    {
        (_engine, _shape, _operands, _memory) = (engine, shape, operands, new ExternalMemory(fabric.MemoryBytes));
        bool values = operands is not null;
        _inputBits = Math.Max(shape.InputBits, engine.Kind.ActivationBits);
        Tiles = TilePlan.Of(engine, shape);
        Input = new DmaQueue(engine.Ports.Input, fabric.BurstLatency, _memory);
        Weights = new DmaQueue(engine.Ports.Weights, fabric.BurstLatency, _memory);
        Drain = new DmaQueue(engine.Ports.Output, fabric.BurstLatency, _memory);
        Array = new MacArray(engine, shape, new SliceArray(engine, shape, operands?.SignedActivations ?? true), fabric, values);
        Loaded = new TileBuffer<TileBank>(new TileBank(engine, shape, values), new TileBank(engine, shape, values));
        Finished = new TileBuffer<SumBank>(new SumBank(engine, shape, values), new SumBank(engine, shape, values));
        if (values) Result = new int[Math.Max(shape.Heads, 1) * shape.Rows * shape.Columns];
    }

    public List<Tile> Tiles { get; }

    public DmaQueue Input { get; }

    public DmaQueue Weights { get; }

    public DmaQueue Drain { get; }

    public MacArray Array { get; }

    /// <summary>Between the loads and the array.</summary>
    public TileBuffer<TileBank> Loaded { get; }

    /// <summary>Between the array and the drain.</summary>
    public TileBuffer<SumBank> Finished { get; }

    public long Cycles { get; private set; }

    /// <summary>(heads, M, F).</summary>
    public int[]? Result { get; }

    /// <summary>Begins both transfers of a tile into the bank to be filled; it may be handed over once <see cref="Loading"/> ends.</summary>
    public void Load(Tile tile)
    {
        int lanes = _engine.Th * _engine.Tk;
        TileBank bank = Loaded.Filling;
        bank.Tile = tile;
        Input.Start(lanes, _inputBits, _shape.Columns, tile.Fetched, _operands is null ? null : new ActivationMover(_engine, _shape, _operands, bank));
        Weights.Start(lanes, tile.WeightBits, _engine.Tm, external: true, _operands is null ? null : new WeightMover(_engine, _shape, _operands, bank));
    }

    public bool Loading => Input.Busy || Weights.Busy;

    /// <summary>The drain's masked pass.</summary>
    public void SendNothing() => Send(external: false, null);

    /// <summary>Begins to send a row tile's results out; a half-filled tile takes as long as a full one.</summary>
    public void Send(SumBank bank)
    {
        if (!Array.Settled(bank)) throw new InvalidOperationException("results were sent before they had left the array");
        Send(external: true, Result is null ? null : new ResultMover(_engine, _shape, bank, Result));
    }

    /// <summary>One clock edge for all units. Who asks the memory first changes every cycle.</summary>
    public void Clock()
    {
        if (Array.Computes) _computing++;
        else if (Array.Busy) _masked++;
        else if (Input.Busy) _waitingInput++;
        else if (Weights.Busy) _waitingWeights++;
        else _waitingOutput++;
        _memory.Step();
        int turn = (int)(Cycles++ % 3);
        for (int i = 0; i < 3; i++) ((turn + i) switch { 0 or 3 => Input, 1 or 4 => Weights, _ => Drain }).Step();
        Array.Step();
    }

    public Simulated Report() =>
        new(Cycles, _computing, _masked, _waitingInput, _waitingWeights, _waitingOutput, _memory.Words, Array.Multiplications, Array.Overdrawn, Result);

    private void Send(bool external, IWordMover? mover) =>
        Drain.Start(_engine.Tm * (_shape.Heads > 0 ? _engine.Th : 1), _engine.Kind.OutputBits, _shape.Columns, external, mover);
}
