using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Sparse.Operators;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>The tiles of one instruction set, with what their callers must know to lay out W.</summary>
internal sealed unsafe class SparseKernel
{
    private const int Widths = 4;
    private delegate*<TileCall*, void>[] _blocks = [], _rows = [];

    private SparseKernel(InstructionSet set) => Set = set;

    /// <summary>Rows of Y in a tile of SpMM.</summary>
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

    /// <summary>The tile of four rows for so many columns, at most <see cref="Columns"/>; see <see cref="RowsTile{TFloats, T, TWidth, TEdge}.Run"/>.</summary>
    public delegate*<TileCall*, void> Block(int columns) => _blocks[Index(columns)];

    /// <summary>The tile of one row for so many columns, at most <see cref="RowColumns"/>; see <see cref="RowTile{TFloats, T, TWidth, TEdge}.Run"/>.</summary>
    public delegate*<TileCall*, void> Row(int columns) => _rows[Index(columns)];

    // Whole ones first, then those whose last vector is cut.
    private int Index(int columns) => columns % Lanes == 0 ? columns / Lanes - 1 : Widths + columns / Lanes;

    private static SparseKernel Of<TFloats, T>(InstructionSet set) where TFloats : struct, IFloats<T> where T : unmanaged => new(set)
    {
        Lanes = TFloats.Lanes, Columns = TFloats.Vectors * TFloats.Lanes, VectorRows = VectorTile<TFloats, T>.Rows, Vector = &VectorTile<TFloats, T>.Run,
        _blocks =
        [
            &RowsTile<TFloats, T, One, Whole>.Run, &RowsTile<TFloats, T, Two, Whole>.Run, &RowsTile<TFloats, T, Three, Whole>.Run, &RowsTile<TFloats, T, Four, Whole>.Run,
            &RowsTile<TFloats, T, One, Partial>.Run, &RowsTile<TFloats, T, Two, Partial>.Run, &RowsTile<TFloats, T, Three, Partial>.Run, &RowsTile<TFloats, T, Four, Partial>.Run,
        ],
        _rows =
        [
            &RowTile<TFloats, T, One, Whole>.Run, &RowTile<TFloats, T, Two, Whole>.Run, &RowTile<TFloats, T, Three, Whole>.Run, &RowTile<TFloats, T, Four, Whole>.Run,
            &RowTile<TFloats, T, One, Partial>.Run, &RowTile<TFloats, T, Two, Partial>.Run, &RowTile<TFloats, T, Three, Partial>.Run, &RowTile<TFloats, T, Four, Partial>.Run,
        ],
    };
}
