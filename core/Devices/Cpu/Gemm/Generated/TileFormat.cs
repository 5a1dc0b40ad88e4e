using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Hone.Devices.Cpu.Gemm.Generated;

/// <summary>What <see cref="TileEmitter"/> must know of a number format: one record each. A step is as much of K as one vector of weights holds for each of its sixteen outputs.</summary>
/// <param name="Set">The instructions it needs.</param>
/// <param name="Elements">Elements of K in a step.</param>
/// <param name="InputBytes">Bytes of an element of X.</param>
/// <param name="Rows">The most rows of a tile: their sums and what else is held must fit 32 registers.</param>
/// <param name="Halves">Inputs of four bytes in a step: 2 where a vector of weights is made two, its low and its high halves of bytes.</param>
/// <param name="Codes">Whether sums are whole numbers, with scales.</param>
/// <param name="Accumulate">sums += w x, with a register to spare.</param>
internal sealed record TileFormat(InstructionSet Set, int Elements, int InputBytes, int Rows, int Halves, bool Codes, TileFormat.Operation Accumulate)
{
    /// <param name="sums">Sixteen sums.</param>
    /// <param name="w">A step of weights of sixteen outputs.</param>
    /// <param name="x">A step of one row, the same for all outputs.</param>
    public delegate void Operation(Assembler a, AssemblerRegisterZMM sums, AssemblerRegisterZMM w, AssemblerRegisterZMM x, AssemblerRegisterZMM spare);

    /// <summary>Outputs in a vector, each of four bytes.</summary>
    public const int Lanes = 16;

    /// <summary>Vectors side by side in a tile.</summary>
    public const int Vectors = 2;

    /// <summary>Panels that one row meets at once.</summary>
    public const int RowPanels = 4;

    public static TileFormat Float { get; } = new(InstructionSet.Avx512, 1, sizeof(float), 14, 1, false, static (a, sums, w, x, _) => a.vfmadd231ps(sums, w, x));

    /// <summary>Four codes: weights plus 128, unsigned, times signed inputs; sums do not saturate.</summary>
    public static TileFormat Byte { get; } = new(InstructionSet.Avx512Vnni, 4, sizeof(sbyte), 12, 1, true, Dot);

    /// <summary>Eight codes to a step, the second four in the high halves.</summary>
    public static TileFormat Nibble { get; } = new(InstructionSet.Avx512Vnni, 4, 2 * sizeof(sbyte), 4, 2, true, Dot);

    /// <summary>Two numbers in bfloat16, products added in floats one after the other.</summary>
    public static TileFormat Bf16 { get; } = new(InstructionSet.Avx512Bf16, 2, sizeof(ushort), 14, 1, false, static (a, sums, w, x, _) => a.vdpbf16ps(sums, w, x));

    /// <summary>32 signs: how many differ.</summary>
    public static TileFormat Binary { get; } = new(InstructionSet.Avx512Popcount, 1, sizeof(uint), 12, 1, true, static (a, sums, w, x, spare) =>
    {
        a.vpxord(spare, w, x);
        a.vpopcntd(spare, spare);
        a.vpaddd(sums, sums, spare);
    });

    /// <summary>Bytes of a step of a panel.</summary>
    public const int PanelBytes = Vectors * Lanes * sizeof(int);

    private static void Dot(Assembler a, AssemblerRegisterZMM sums, AssemblerRegisterZMM w, AssemblerRegisterZMM x, AssemblerRegisterZMM spare) => a.vpdpbusd(sums, w, x);
}
