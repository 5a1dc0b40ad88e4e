namespace Hone.Devices.Fpga.Simulation;

/// <summary>The units of an engine at work on one product, and its clock. What they do together is the controller's matter.</summary>
internal sealed class Machine
{
    private readonly Engine _engine;
    private readonly GemmShape _shape;
    private readonly Operands? _operands;
    private readonly int _inputBits;
    private long _computing, _masked, _waitingInput, _waitingWeights, _waitingOutput;

    public Machine(Engine engine, GemmShape shape, Operands? operands, int startUp)
    {
        (_engine, _shape, _operands) = (engine, shape, operands);
        _inputBits = Math.Max(shape.InputBits, engine.Kind.ActivationBits);
        Tiles = TilePlan.Of(engine, shape);
        Input = new DmaQueue(engine.Ports.Input, startUp);
        Weights = new DmaQueue(engine.Ports.Weights, startUp);
        Drain = new DmaQueue(engine.Ports.Output, startUp);
        Array = new MacArray(shape.Columns, operands is null ? null : new SliceArray(engine, shape, operands.SignedActivations));
        if (operands is not null) Result = new int[Math.Max(shape.Heads, 1) * shape.Rows * shape.Columns];
    }

    public List<Tile> Tiles { get; }

    public DmaQueue Input { get; }

    public DmaQueue Weights { get; }

    public DmaQueue Drain { get; }

    public MacArray Array { get; }

    public long Cycles { get; private set; }

    /// <summary>(heads, M, F).</summary>
    public int[]? Result { get; }

    /// <summary>Begins both transfers of a tile; what they bring may enter a bank once <see cref="Loading"/> ends.</summary>
    public TileValues Load(Tile tile)
    {
        int lanes = _engine.Th * _engine.Tk;
        Input.Start(lanes, _inputBits, _shape.Columns);
        Weights.Start(lanes, tile.WeightBits, _engine.Tm);
        return TileValues.Of(_engine, _shape, tile, _operands);
    }

    public bool Loading => Input.Busy || Weights.Busy;

    /// <summary>An accumulator bank, or null when values are not simulated.</summary>
    public int[]? Accumulators() => Result is null ? null : new int[_engine.Th * _engine.Tm * _shape.Columns];

    /// <summary>The drain's masked pass.</summary>
    public void SendNothing() => Drain.Start(_engine.Tm * (_shape.Heads > 0 ? _engine.Th : 1), _engine.Kind.OutputBits, _shape.Columns);

    /// <summary>Sends a row tile's results out; a half-filled tile takes as long as a full one.</summary>
    public void Send(Tile last, int[]? accumulators)
    {
        SendNothing();
        if (Result is null) return;
        int f = _shape.Columns;
        for (int lane = 0; lane < (_shape.Heads > 0 ? _engine.Th : 1); lane++)
        {
            int head = last.Group * _engine.Th + lane;
            if (head >= Math.Max(_shape.Heads, 1)) return;
            for (int r = 0; r < last.Rows.Length; r++)
                System.Array.Copy(accumulators!, (lane * _engine.Tm + r) * f, Result, (head * _shape.Rows + last.Rows[r]) * f, f);
        }
    }

    /// <summary>One clock edge for all units.</summary>
    public void Clock()
    {
        if (Array.Computes) _computing++;
        else if (Array.Busy) _masked++;
        else if (Input.Busy) _waitingInput++;
        else if (Weights.Busy) _waitingWeights++;
        else _waitingOutput++;
        Cycles++;
        Input.Step();
        Weights.Step();
        Array.Step();
        Drain.Step();
    }

    public Simulated Report() => new(Cycles, _computing, _masked, _waitingInput, _waitingWeights, _waitingOutput, Result);
}
