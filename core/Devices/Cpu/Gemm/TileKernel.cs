using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Gemm.Operators;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>A tile for one format and one instruction set, with what its callers must know to lay out X and W.</summary>
internal sealed unsafe class TileKernel
{
    private TileKernel(InstructionSet set) => Set = set;

    /// <summary>Rows of X in a tile.</summary>
    public const int Rows = Tile<Floats, float, float, Sum<float>, float>.Rows;

    /// <summary>Floats times floats, the slowest kernel of this processor first.</summary>
    public static IReadOnlyList<TileKernel> Float { get; } = Available(
        Of<Floats, float, float, Sum<float>, float>(InstructionSet.Scalar),
        Of<Floats128, Vector128<float>, Vector128<float>, Sums128<float>, Vector128<float>>(InstructionSet.AdvSimd),
        Of<Floats256, Vector256<float>, Vector256<float>, Sums256<float>, Vector256<float>>(InstructionSet.Avx2),
        Of<Floats512, Vector512<float>, Vector512<float>, Sums512<float>, Vector512<float>>(InstructionSet.Avx512));

    /// <summary>8-bit codes times 8-bit codes, the slowest kernel of this processor first.</summary>
    public static IReadOnlyList<TileKernel> Byte { get; } = Available(
        Of<Bytes, int, int, Sum<int>, int>(InstructionSet.Scalar),
        Of<BytesAdvSimd, Vector128<short>, Vector128<short>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimd),
        Of<BytesDp, Vector128<sbyte>, Vector128<sbyte>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimdDp),
        Of<Bytes256, Vector256<short>, Vector256<short>, Sums256<int>, Vector256<int>>(InstructionSet.Avx2),
        Of<Bytes512, Vector512<short>, Vector512<short>, Sums512<int>, Vector512<int>>(InstructionSet.Avx512),
        Of<BytesVnni, Vector256<byte>, Vector256<sbyte>, Sums256<int>, Vector256<int>>(InstructionSet.AvxVnni, offset: 128));

    /// <summary>8-bit codes times 4-bit weights, the slowest kernel of this processor first. An element is a pair of codes: two bytes of X, one of W, whose halves are the weights plus 8.</summary>
    public static IReadOnlyList<TileKernel> Nibble { get; } = Available(
        Of<Nibbles, int, int, Sum<int>, int>(InstructionSet.Scalar, pair: true),
        Of<NibblesAdvSimd, Vector128<sbyte>, Vector128<sbyte>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimd, pair: true),
        Of<NibblesDp, Vector128<sbyte>, Vector128<sbyte>, Sums128<int>, Vector128<int>>(InstructionSet.AdvSimdDp, pair: true),
        Of<Nibbles256, Vector256<sbyte>, Vector256<byte>, PairSums256, Vector256<short>>(InstructionSet.Avx2, pair: true),
        Of<NibblesVnni, Vector256<sbyte>, Vector256<byte>, Sums256<int>, Vector256<int>>(InstructionSet.AvxVnni, pair: true),
        Of<Nibbles512, Vector512<sbyte>, Vector512<byte>, PairSums512, Vector512<short>>(InstructionSet.Avx512, pair: true));

    public InstructionSet Set { get; }

    /// <summary>Outputs in a tile, and in a panel of weights.</summary>
    public required int Columns { get; init; }

    /// <summary>Elements of K in a step; X and W are padded to it.</summary>
    public required int Step { get; init; }

    /// <summary>Bytes of an element of X.</summary>
    public required int InputBytes { get; init; }

    /// <summary>Codes of X in an element.</summary>
    public required int Codes { get; init; }

    /// <summary>Bytes of a step of a panel.</summary>
    public required int PanelBytes { get; init; }

    /// <summary>What is added to the codes of X; W times it is taken off the sums.</summary>
    public required int Offset { get; init; }

    /// <summary>See <see cref="Tile{TOperator, TInput, TWeights, TVector, TSums}.Run"/>.</summary>
    public required delegate*<byte*, nint, int, byte*, int, byte*, nint, bool, void> Run { get; init; }

    private static TileKernel Of<TOperator, TInput, TWeights, TVector, TSums>(InstructionSet set, int offset = 0, bool pair = false)
        where TOperator : struct, ITileOperator<TInput, TWeights, TSums> where TVector : struct, IVector<TSums> => new(set)
    {
        Columns = Tile<TOperator, TInput, TWeights, TVector, TSums>.Columns, Step = TOperator.Step, InputBytes = TOperator.InputBytes, Codes = pair ? 2 : 1, PanelBytes = 2 * TOperator.WeightBytes, Offset = offset,
        Run = TOperator.MostSteps == int.MaxValue ? &Tile<TOperator, TInput, TWeights, TVector, TSums>.Run : &Tile<TOperator, TInput, TWeights, TVector, TSums>.RunInParts,
    };

    private static TileKernel[] Available(params TileKernel[] kernels) => [.. kernels.Where(kernel => InstructionSets.Available.Contains(kernel.Set))];
}
