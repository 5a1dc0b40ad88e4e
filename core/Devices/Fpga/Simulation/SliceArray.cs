namespace Hone.Devices.Fpga.Simulation;

/// <summary>
/// The multipliers, one packed multiplication per slice and clock. A slice of the 4 x 6-bit kind multiplies two columns with two 4-bit rows or with the two
/// nibbles of one 8-bit row; one of 8 x 8 bits two columns with one row; one of 16 bits one column with one row. Slices are wired to their rows: a row that
/// the tile does not have is multiplied as 0. Wide operands come in pieces, each a multiplication of its own.
/// </summary>
internal sealed class SliceArray
{
    private readonly Engine _engine;
    private readonly GemmShape _shape;
    private readonly bool _signedActivations;
    private readonly int _lanes, _inputBits, _inputPieces;

    public SliceArray(Engine engine, GemmShape shape, bool signedActivations)
    {
        if (engine.Products % engine.Kind.Pack != 0 || engine.Kind.Pack == 4 && engine.Tm % 2 != 0)
            throw new ArgumentException($"expected Th Tm Tk a multiple of the {engine.Kind.Pack} products of a slice, and pairs of rows; got engine {engine.Name}; take whole slices");
        (_engine, _shape, _signedActivations, _lanes) = (engine, shape, signedActivations, engine.Th * engine.Tk);
        _inputBits = Math.Max(shape.InputBits, engine.Kind.ActivationBits);
        _inputPieces = Pieces(_inputBits, engine.Kind.ActivationBits);
        Slices = engine.Products / engine.Kind.Pack;
        Together = engine.Kind.Pack == 1 ? 1 : 2;
    }

    /// <summary>Multiplications that one clock can issue: DSP slices, four (two, one) products in logic standing for one.</summary>
    public int Slices { get; }

    /// <summary>Columns that one multiplication serves.</summary>
    public int Together { get; }

    /// <summary>Multiplications that the columns of one slot need, for a full tile of rows of this width.</summary>
    public int Needed(int weightBits) => _lanes * RowSlots(weightBits) * _inputPieces;

    /// <summary>Checks that a clock can issue so many.</summary>
    /// <exception cref="InvalidOperationException">It has not that many slices.</exception>
    public void Issue(int multiplications)
    {
        if (multiplications > Slices) throw new InvalidOperationException($"a clock issued {multiplications} multiplications on {Slices} slices");
    }

    /// <summary>Multiplications from..from + count - 1 of a slot, in the order (piece of the activation, row slot, lane), added to the slot's sums.</summary>
    /// <param name="sums">(Th for products per head, else 1; Tm; 2).</param>
    public void Multiply(TileBank bank, int column, int from, int count, int[] sums)
    {
        int f = _shape.Columns, slots = RowSlots(bank.Tile!.WeightBits);
        for (int q = from; q < from + count; q++)
        {
            int lane = q % _lanes, slot = q / _lanes % slots, shift = q / _lanes / slots * _engine.Kind.ActivationBits;
            int a1 = bank.Activations[lane * f + column], a2 = Together == 2 && column + 1 < f ? bank.Activations[lane * f + column + 1] : 0;
            int head = _shape.Heads > 0 ? lane / _engine.Tk : 0;
            if (bank.Tile.WeightBits == 4)
            {
                bool top = Piece(shift, ref a1, ref a2);
                (int p11, int p12, int p21, int p22) = DspPacking.Four(a1, a2, Weight(2 * slot), Weight(2 * slot + 1), top && _signedActivations, signedLow: true);
                Add(2 * slot, p11, p21);
                Add(2 * slot + 1, p12, p22);
            }
            else
            {
                (int p1, int p2) = One(shift, a1, a2, Weight(slot));
                Add(slot, p1, p2);
            }

            int Weight(int row) => bank.Weights[row * _lanes + lane];

            void Add(int row, int first, int second)
            {
                int into = (head * _engine.Tm + row) * 2;
                sums[into] += first << shift;
                sums[into + 1] += second << shift;
            }
        }
    }

    /// <summary>One weight times the activations of a slot's columns.</summary>
    private (int, int) One(int shift, int a1, int a2, int w)
    {
        if (_engine.Kind.Pack == 1) return ((int)DspPacking.Multiply(a1, w), 0);
        bool top = Piece(shift, ref a1, ref a2);
        // The ports of the 8-bit kind hold 9 signed bits, so that its lower pieces may be unsigned.
        return _engine.Kind.Pack == 2 ? DspPacking.Two(w, a1, a2) : DspPacking.Hybrid(a1, a2, w, top && _signedActivations);
    }

    /// <summary>Cuts a piece out of wide activations, the lower ones unsigned; true for the top one.</summary>
    private bool Piece(int shift, ref int a1, ref int a2)
    {
        int bits = _engine.Kind.ActivationBits;
        bool top = shift + bits >= _inputBits;
        (a1, a2) = top ? (a1 >> shift, a2 >> shift) : (a1 >> shift & ((1 << bits) - 1), a2 >> shift & ((1 << bits) - 1));
        return top;
    }

    /// <summary>Row slots of a tile: two rows of 4 bits share a slice of the 4 x 6-bit kind, one of 8 bits fills it, one of 16 bits takes two.</summary>
    private int RowSlots(int weightBits) => _engine.Kind.Pack == 4 ? _engine.Tm / 2 * Pieces(weightBits, 4) : _engine.Tm * Pieces(weightBits, _engine.Kind.WeightBits);

    private static int Pieces(int bits, int piece) => bits / piece + (bits % piece > 0 ? 1 : 0);
}
