using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Gemm.Generated;
using Hone.Devices.Cpu.Gemm.Operators;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>A tile for one format and one instruction set, with what its callers must know to lay out X and W.</summary>
internal abstract unsafe class TileKernel(InstructionSet set)
{
    /// <summary>Floats times floats, the slowest kernel of this processor first.</summary>
    public static IReadOnlyList<TileKernel> Float { get; } = Available(
        new CompiledTile<Floats, float, float, Sum<float>, float>(InstructionSet.Scalar),
        new CompiledTile<Floats128, Vector128<float>, Vector128<float>, Sums128<float>, Vector128<float>>(InstructionSet.AdvSimd),
        new CompiledTile<Floats256, Vector256<float>, Vector256<float>, Sums256<float>, Vector256<float>>(InstructionSet.Avx2),
        new CompiledTile<Floats512, Vector512<float>, Vector512<float>, Sums512<float>, Vector512<float>>(InstructionSet.Avx512),
        new GeneratedTile(TileFormat.Float));

    /// <summary>8-bit codes times 8-bit codes, the slowest kernel of this processor first.</summary>
    public static IReadOnlyList<TileKernel> Byte { get; } = Available(
        new CompiledTile<Bytes, int, int, Sum<int>, int>(InstructionSet.Scalar),
        new CompiledTile<BytesAdvSimd, Vector128<short>, Vector128<short>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimd),
        new CompiledTile<BytesDp, Vector128<sbyte>, Vector128<sbyte>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimdDp),
        new CompiledTile<Bytes256, Vector256<short>, Vector256<short>, Sums256<int>, Vector256<int>>(InstructionSet.Avx2),
        new CompiledTile<Bytes512, Vector512<short>, Vector512<short>, Sums512<int>, Vector512<int>>(InstructionSet.Avx512),
        new CompiledTile<BytesVnni, Vector256<sbyte>, Vector256<byte>, Sums256<int>, Vector256<int>>(InstructionSet.AvxVnni) { WeightOffset = 128 },
        new GeneratedTile(TileFormat.Byte) { WeightOffset = 128 });

    /// <summary>8-bit codes times 4-bit weights, the slowest kernel of this processor first. An element is a pair of codes: two bytes of X, one of W, whose halves are the weights plus 8.</summary>
    public static IReadOnlyList<TileKernel> Nibble { get; } = Available(
        new CompiledTile<Nibbles, int, int, Sum<int>, int>(InstructionSet.Scalar) { Codes = 2, WeightOffset = 8 },
        new CompiledTile<NibblesAdvSimd, Vector128<sbyte>, Vector128<sbyte>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimd) { Codes = 2, WeightOffset = 8 },
        new CompiledTile<NibblesDp, Vector128<sbyte>, Vector128<sbyte>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimdDp) { Codes = 2, WeightOffset = 8 },
        new CompiledTile<Nibbles256, Vector256<sbyte>, Vector256<byte>, PairSums256, Vector256<short>>(InstructionSet.Avx2) { Codes = 2, WeightOffset = 8 },
        new CompiledTile<NibblesVnni, Vector256<sbyte>, Vector256<byte>, Sums256<int>, Vector256<int>>(InstructionSet.AvxVnni) { Codes = 2, WeightOffset = 8 },
        new CompiledTile<Nibbles512, Vector512<sbyte>, Vector512<byte>, PairSums512, Vector512<short>>(InstructionSet.Avx512) { Codes = 2, WeightOffset = 8 },
        new GeneratedTile(TileFormat.Nibble) { Codes = 2, Apart = 4, WeightOffset = 8, Unpacked = Byte[^1] });

    /// <summary>Numbers in bfloat16 with sums in floats, the slowest kernel of this processor first.</summary>
    public static IReadOnlyList<TileKernel> Bf16 { get; } = Available(
        new CompiledTile<Bf16s, float, float, Sum<float>, float>(InstructionSet.Scalar),
        new CompiledTile<Bf16s128, Vector128<uint>, Vector128<uint>, Sums128<float>, Vector128<float>>(InstructionSet.AdvSimd),
        new CompiledTile<Bf16s256, Vector256<uint>, Vector256<uint>, Sums256<float>, Vector256<float>>(InstructionSet.Avx2),
        new CompiledTile<Bf16s512, Vector512<uint>, Vector512<uint>, Sums512<float>, Vector512<float>>(InstructionSet.Avx512),
        new GeneratedTile(TileFormat.Bf16));

    /// <summary>Signs, 32 to an element; sums are numbers of signs that differ. The slowest kernel of this processor first.</summary>
    public static IReadOnlyList<TileKernel> Binary { get; } = Available(
        new CompiledTile<Binaries, uint, uint, Sum<int>, int>(InstructionSet.Scalar) { Codes = 32 },
        new CompiledTile<BinariesAdvSimd, Vector128<byte>, Vector128<byte>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimd) { Codes = 32 },
        new CompiledTile<Binaries256, Vector256<byte>, Vector256<byte>, Sums256<int>, Vector256<int>>(InstructionSet.Avx2) { Codes = 32 },
        new CompiledTile<Binaries512, Vector512<byte>, Vector512<byte>, Sums512<int>, Vector512<int>>(InstructionSet.Avx512) { Codes = 32 },
        new GeneratedTile(TileFormat.Binary) { Codes = 32 });

    /// <summary>4-bit codes times 4-bit codes, two products to a multiplication, all codes plus 8; the slowest kernel of this processor first.</summary>
    public static IReadOnlyList<TileKernel> Packed { get; } = Available(
        new CompiledTile<Operators.Packed, uint, uint, FieldSums, uint>(InstructionSet.Scalar) { WeightOffset = 8 },
        new CompiledTile<Packed128, Vector128<uint>, Vector128<uint>, FieldSums128, Vector128<uint>>(InstructionSet.AdvSimd) { WeightOffset = 8 },
        new CompiledTile<Packed256, Vector256<uint>, Vector256<uint>, FieldSums256, Vector256<uint>>(InstructionSet.Avx2) { WeightOffset = 8 });

    public InstructionSet Set { get; } = set;

    /// <summary>Whether its code is written by <see cref="TileEmitter"/> and not by the compiler.</summary>
    public abstract bool Generated { get; }

    /// <summary>The most rows of X in a tile.</summary>
    public abstract int Rows { get; }

    /// <summary>Outputs in a tile, and in a panel of weights.</summary>
    public abstract int Columns { get; }

    /// <summary>Elements of K in a step; X and W are padded to it.</summary>
    public abstract int Step { get; }

    /// <summary>Bytes of an element of X.</summary>
    public abstract int InputBytes { get; }

    /// <summary>Bytes of a step of a panel.</summary>
    public abstract int PanelBytes { get; }

    /// <summary>Bytes of a panel that rows of X pass by before the next part of it comes.</summary>
    public abstract int SliceBytes { get; }

    /// <summary>Bytes of X that pass by; they stay in the second cache meanwhile.</summary>
    public abstract int RowsBytes { get; }

    /// <summary>Panels that one row may meet at once: memory is read faster in several places.</summary>
    public virtual int RowPanels => 1;

    /// <summary>Codes of X in an element.</summary>
    public int Codes { get; init; } = 1;

    /// <summary>How far apart on K the two weights of a byte are, where there are two.</summary>
    public int Apart { get; init; } = 1;

    /// <summary>What is added to weights as they are packed; X times it is taken off the sums.</summary>
    public int WeightOffset { get; init; }

    /// <summary>Of two weights in a byte: the kernel of one weight in a byte that may run the same panels, unpacked for many rows at once by <see cref="Halves.Unpack"/>.</summary>
    public TileKernel? Unpacked { get; init; }

    /// <summary>Y += X panel for so many rows, or Y = X panel in the first part of K; in the last one also what comes after (<see cref="Finish"/>).</summary>
    public abstract void Run(TileCall* call, int rows);

    /// <summary>Elements of a row of so many codes.</summary>
    public int Elements(int codes) => Codes == 1 ? codes : (codes + Apart * Codes - 1) / (Apart * Codes) * Apart;

    /// <summary>Elements of a row of so many codes, whole steps of them.</summary>
    public int PaddedInputs(int codes) => (Elements(codes) + Step - 1) / Step * Step;

    /// <summary>Outputs, whole panels of them: what is read of scales and biases.</summary>
    public int Padded(int outputs) => (outputs + Columns - 1) / Columns * Columns;

    private static TileKernel[] Available(params TileKernel[] kernels) => [.. kernels.Where(kernel => InstructionSets.Available.Contains(kernel.Set) && (!kernel.Generated || CodeMemory.Allowed))];
}
