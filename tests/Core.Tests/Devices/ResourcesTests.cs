using Hone.Devices.Fpga;

namespace Hone.Core.Tests.Devices;

public class ResourcesTests
{
    [Theory]
    [InlineData(3, 32, 8, 1, 768, 37_680, 24_576, 194)]
    [InlineData(3, 64, 16, 2, 1_536, 91_440, 49_152, 364)]
    [InlineData(3, 128, 16, 4, 1_536, 168_240, 98_304, 700)]
    [InlineData(3, 64, 8, 1, 1_536, 45_360, 49_152, 364)]
    public void TheGoldenEnginesTakeTheGoldenResources(int th, int tm, int tk, int pack, int dsp, int lut, int ff, int bram)
    {
        EngineKind kind = pack switch { 1 => EngineKind.Words, 2 => EngineKind.Bytes, _ => EngineKind.Atoms };
        var engine = new Engine(th, tm, tk, kind, new Ports(4, 2, 4));
        Resources r = Resources.Of(engine, BoardCatalog.Zcu102, 197);
        Assert.Equal((dsp, lut, ff, bram, 0), (r.Dsp, r.Lut, r.FlipFlops, r.Bram18, r.LutProducts));
        Assert.Null(r.Misfit(BoardCatalog.Zcu102, engine));
    }

    [Fact]
    public void TheCapsOfBothBoardsAreTheSpecifiedOnes()
    {
        Board z = BoardCatalog.Zcu102, e = BoardCatalog.Zcu102Eighth;
        Assert.Equal((2_268, 191_856, 274_080, 1_459), (z.DspCap, z.LutCap, z.FlipFlopCap, z.Bram18Cap));
        Assert.Equal((283, 23_982, 34_260, 182), (e.DspCap, e.LutCap, e.FlipFlopCap, e.Bram18Cap));
    }

    [Fact]
    public void FourToASliceIsLimitedByLogicAt7192Atoms()
    {
        Board board = BoardCatalog.Zcu102;
        Resources Of(int atoms) => Resources.Of(new Engine(1, atoms, 1, EngineKind.Atoms, board.Ports), board, 1);
        Assert.Equal((1_798, true), (Of(7_192).Dsp, Of(7_192).Lut <= board.LutCap));
        Assert.False(Of(7_193).Lut <= board.LutCap);
    }

    [Fact]
    public void ProductsBeyondTheSlicesMoveIntoLogicAndNoMoreThanThat()
    {
        Board half = BoardCatalog.Zcu102Eighth with { Dsp = 157 }; // cap 141 slices: 564 atoms
        Resources r = Resources.Of(new Engine(3, 32, 8, EngineKind.Atoms, half.Ports), half, 50);
        Assert.Equal((141, 204, 3_750 + (90 * 141) + (45 * 204)), (r.Dsp, r.LutProducts, r.Lut));
    }

    [Theory]
    [InlineData(1, 45 * 4 * 3)]   // 16 x 16 bits: 4 x 3 pieces of 4 x 6
    [InlineData(2, 45 * 2 * 2)]   // 8 x 8 bits
    [InlineData(4, 45)]
    public void AProductInLogicCosts45LutForEach4By6BitPieceOfIt(int pack, int lut)
    {
        EngineKind kind = pack switch { 1 => EngineKind.Words, 2 => EngineKind.Bytes, _ => EngineKind.Atoms };
        Board board = BoardCatalog.Zcu102;
        Resources At(int products) => Resources.Of(new Engine(1, products, 1, kind, board.Ports), board, 1);
        int full = pack * board.DspCap;
        Assert.Equal((0, 10, 10 * lut), (At(full).LutProducts, At(full + 10).LutProducts, At(full + 10).Lut - At(full).Lut));
    }

    [Fact]
    public void AnEngineOf16BitsAboveTheSlicesDoesNotFitByMovingIntoLogic()
    {
        Board board = BoardCatalog.Zcu102;
        var engine = new Engine(3, 128, 8, EngineKind.Words, board.Ports);   // 3,072 products: 804 beyond the 2,268 slices
        Resources r = Resources.Of(engine, board, 50);
        Assert.Equal((804, 30_000 + (10 * 2_268) + (804 * 540)), (r.LutProducts, r.Lut));
        Assert.Equal("lut", r.Misfit(board, engine)!.Constraint);
    }

    [Fact]
    public void ThirtyOfThe36EnginesOfTheEighthFit()
    {
        var device = new FpgaDevice(BoardCatalog.Zcu102Eighth);
        Assert.Equal((36, 30), (device.Engines.Length, device.Fits(65).Count(f => f)));
    }

    [Fact]
    public void ARejectionNamesTheShareTheNeedAndTheLimit()
    {
        Board board = BoardCatalog.Zcu102Eighth;
        var engine = new Engine(4, 32, 4, EngineKind.Atoms, board.Ports);
        Resources r = Resources.Of(engine, board, 50);
        Assert.Equal(("bram18", "BRAM18 128 % of the cap on zcu102-eighth: needs 234, allowed 182 of 228 (engine 4x32x4-w4a6)"), (r.Misfit(board, engine)!.Constraint, r.Misfit(board, engine)!.Reason));
    }

    [Fact]
    public void ACapExceededByAHairIsNeverShownAs100Percent()
    {
        Board board = BoardCatalog.Zcu102 with { Bram18 = 453 }; // cap 362, the engine takes 364
        var engine = new Engine(3, 64, 16, EngineKind.Bytes, board.Ports);
        Assert.StartsWith("BRAM18 101 % of the cap on zcu102: needs 364, allowed 362 of 453", Resources.Of(engine, board, 197).Misfit(board, engine)!.Reason);
    }

    [Fact]
    public void MoreThan512ColumnsDoubleTheTileBuffers()
    {
        Board board = BoardCatalog.Zcu102;
        var engine = new Engine(3, 64, 16, EngineKind.Bytes, board.Ports);
        Assert.Equal(2 * Resources.Of(engine, board, 512).Bram18, Resources.Of(engine, board, 513).Bram18);
    }
}
