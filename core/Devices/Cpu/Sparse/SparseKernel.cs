using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Sparse.Operators;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>The tiles of one instruction set, with what their callers must know to lay out W.</summary>
internal sealed unsafe class SparseKernel
{
    private const int Widths = 4;
    private delegate*<TileCall*, void>[][] _blocks = [];
    private delegate*<TileCall*, void>[] _rows = [];

    private SparseKernel(InstructionSet set) => Set = set;

    /// <summary>The most rows of Y in a tile of SpMM.</summary>
    public const int Rows = 4;

    /// <summary>The slowest of this processor first.</summary>
    public static IReadOnlyList<SparseKernel> All { get; } = [.. new[]
    {
        Of<Floats, float>(InstructionSet.Scalar), Of<Floats128, Vector128<float>>(InstructionSet.AdvSimd),
        Of<Floats256, Vector256<float>>(InstructionSet.Avx2), Of<Floats512, Vector512<float>>(InstructionSet.Avx512),
    }.Where(kernel => InstructionSets.Available.Contains(kernel.Set))];

    public InstructionSet Set { get; }

    /// <summary>Columns of X in a vector.</summary>
    public required int Lanes { get; init; }

    /// <summary>Columns of X in a tile of blocks.</summary>
    public required int Columns { get; init; }

    /// <summary>Columns of X in a tile of one row.</summary>
    public int RowColumns => Widths * Lanes;

    /// <summary>Rows of Y in a tile of SpMV.</summary>
    public required int VectorRows { get; init; }

    /// <summary>See <see cref="VectorTile{TFloats, T}.Run"/>.</summary>
    public required delegate*<ushort*, int, float*, int*, int, int, float*, float*, void> Vector { get; init; }

    /// <summary>The tiles of 1 to <see cref="Rows"/> rows for so many columns, at most <see cref="Columns"/>; see <see cref="RowsTile{TFloats, T, TRows, TWidth, TEdge}.Run"/>.</summary>
    public delegate*<TileCall*, void>[] Blocks(int columns) => _blocks[Index(columns)];

    /// <summary>The tile of one row for so many columns, at most <see cref="RowColumns"/>; see <see cref="RowTile{TFloats, T, TWidth, TEdge}.Run"/>.</summary>
    public delegate*<TileCall*, void> Row(int columns) => _rows[Index(columns)];

    // Whole ones first, then those whose last vector is cut.
    private int Index(int columns) => columns % Lanes == 0 ? columns / Lanes - 1 : Widths + columns / Lanes;

    private static SparseKernel Of<TFloats, T>(InstructionSet set) where TFloats : struct, IFloats<T> where T : unmanaged => new(set)
    {
        Lanes = TFloats.Lanes, Columns = TFloats.Vectors * TFloats.Lanes, VectorRows = VectorTile<TFloats, T>.Rows, Vector = &VectorTile<TFloats, T>.Run,
        _blocks =
        [
            Blocks<TFloats, T, One, Whole>(), Blocks<TFloats, T, Two, Whole>(), Blocks<TFloats, T, Three, Whole>(), Blocks<TFloats, T, Four, Whole>(),
            Blocks<TFloats, T, One, Partial>(), Blocks<TFloats, T, Two, Partial>(), Blocks<TFloats, T, Three, Partial>(), Blocks<TFloats, T, Four, Partial>(),
        ],
        _rows =
        [
            &RowTile<TFloats, T, One, Whole>.Run, &RowTile<TFloats, T, Two, Whole>.Run, &RowTile<TFloats, T, Three, Whole>.Run, &RowTile<TFloats, T, Four, Whole>.Run,
            &RowTile<TFloats, T, One, Partial>.Run, &RowTile<TFloats, T, Two, Partial>.Run, &RowTile<TFloats, T, Three, Partial>.Run, &RowTile<TFloats, T, Four, Partial>.Run,
        ],
    };

    private static delegate*<TileCall*, void>[] Blocks<TFloats, T, TWidth, TEdge>() where TFloats : struct, IFloats<T> where T : unmanaged where TWidth : struct, ICount where TEdge : struct, IEdge =>
    [
        &RowsTile<TFloats, T, One, TWidth, TEdge>.Run, &RowsTile<TFloats, T, Two, TWidth, TEdge>.Run, &RowsTile<TFloats, T, Three, TWidth, TEdge>.Run, &RowsTile<TFloats, T, Four, TWidth, TEdge>.Run,
    ];
}
