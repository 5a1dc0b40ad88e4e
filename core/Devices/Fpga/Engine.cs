namespace Hone.Devices.Fpga;

/// <summary>Memory ports of an engine, each moving one word of 128 bits per cycle.</summary>
public sealed record Ports(int Input, int Weights, int Output);

/// <summary>The arithmetic an engine is built from: products per DSP slice and the bits of its three operand streams.</summary>
/// <param name="Pack">Products per DSP slice: 4 (4 x 6-bit atoms), 2 (8 x 8 bits) or 1 (16 bits).</param>
public sealed record EngineKind(int Pack, int WeightBits, int ActivationBits, int OutputBits)
{
    /// <summary>4-bit weights times 6-bit activations, four products to a slice; wider operands take several pieces.</summary>
    public static readonly EngineKind Atoms = new(4, 4, 6, 8);

    /// <summary>8 x 8 bits, two products to a slice.</summary>
    public static readonly EngineKind Bytes = new(2, 8, 8, 8);

    /// <summary>16 x 16 bits, one product to a slice.</summary>
    public static readonly EngineKind Words = new(1, 16, 16, 16);
}

/// <summary>One accelerator: it offers Th * Tm * Tk products per cycle, and serves every layer of the network.</summary>
/// <param name="Th">Parallel head lanes.</param>
/// <param name="Tm">Tile of output rows M.</param>
/// <param name="Tk">Tile of the reduction length K.</param>
public sealed record Engine(int Th, int Tm, int Tk, EngineKind Kind, Ports Ports)
{
    /// <summary>Products per cycle (atoms, for the 4 x 6-bit kind).</summary>
    public int Products => Th * Tm * Tk;

    /// <summary>Identifies the engine on its board, for example "3x32x8-w4a6".</summary>
    public string Name { get; } = $"{Th}x{Tm}x{Tk}-w{Kind.WeightBits}a{Kind.ActivationBits}";

    public override string ToString() => Name;
}

/// <summary>A family of engines of one kind: every combination of these tile sizes.</summary>
public sealed record EngineGrid(EngineKind Kind, Hone.Model.ValueList<int> Th, Hone.Model.ValueList<int> Tm, Hone.Model.ValueList<int> Tk);
