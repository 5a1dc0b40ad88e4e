using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>What an engine takes of its board.</summary>
/// <param name="LutProducts">n_LUT: products built in logic because the DSP cap leaves no room for them.</param>
public sealed record Resources(int Dsp, int Lut, int FlipFlops, int Bram18, int LutProducts)
{
    /// <summary>Columns that one 18 Kb block holds in one bank (512 words of 36 bits).</summary>
    public const int BankDepth = 512;

    private const int BankBits = 36, AccumulatorBits = 32;

    /// <summary>Logic to take one packed slice apart. [proposal]</summary>
    private static int UnpackLut(int pack) => pack switch { 4 => 90, 2 => 40, _ => 10 };

    /// <summary>Logic of one product built without a slice: 45 LUT for each 4 x 6-bit piece of it. [proposal]</summary>
    private static int ProductLut(EngineKind kind) => 45 * GemmLatency.Ceil(kind.WeightBits, 4) * GemmLatency.Ceil(kind.ActivationBits, 6);

    /// <summary>
    /// The engine's needs on a board when at most <paramref name="columns"/> columns stream; n_LUT is the smallest that makes the slices fit.
    /// </summary>
    public static Resources Of(Engine e, Board board, int columns)
    {
        int products = e.Products, pack = e.Kind.Pack;
        int inLogic = Math.Max(0, products - pack * board.DspCap);
        int dsp = GemmLatency.Ceil(products - inLogic, pack);
        int depth = GemmLatency.Ceil(columns, BankDepth);
        int inputBanks = GemmLatency.Ceil(e.Th * e.Tk * e.Kind.ActivationBits, BankBits);
        int outputBanks = GemmLatency.Ceil(e.Th * e.Tm * AccumulatorBits, BankBits);
        return new Resources(
            Dsp: dsp,
            Lut: board.BaseLut + UnpackLut(pack) * dsp + ProductLut(e.Kind) * inLogic,
            FlipFlops: 2 * products * Math.Max(8, e.Kind.WeightBits), // two weight tiles, held in registers, rows of 8 bits included
            Bram18: 2 * inputBanks * depth + 2 * outputBanks * depth,
            LutProducts: inLogic);
    }

    /// <summary>The cap that is exceeded most; null when these fit the board.</summary>
    public Excess? Over(Board board)
    {
        Excess? worst = null;
        Check("dsp", "DSP", Dsp, board.DspCap, board.Dsp);
        Check("lut", "LUT", Lut, board.LutCap, board.Lut);
        Check("ff", "FF", FlipFlops, board.FlipFlopCap, board.FlipFlops);
        Check("bram18", "BRAM18", Bram18, board.Bram18Cap, board.Bram18);
        return worst;

        void Check(string metric, string name, int needs, int allowed, int has)
        {
            var excess = new Excess(metric, name, needs, allowed, has);
            if (needs > allowed && (worst is null || excess.Share > worst.Share)) worst = excess;
        }
    }

    /// <summary>Why these do not fit the board's caps; null when they do. The cap that is exceeded most is named.</summary>
    public Rejection? Misfit(Board board, Engine e) => Over(board)?.Reject(board, e);
}

/// <summary>A cap of a board and the need that exceeds it.</summary>
/// <param name="Metric">dsp, lut, ff or bram18.</param>
/// <param name="Name">The same for people.</param>
/// <param name="Allowed">The cap.</param>
/// <param name="Has">What the board has.</param>
public sealed record Excess(string Metric, string Name, int Needs, int Allowed, int Has)
{
    /// <summary>Need per allowance; above 1.</summary>
    public double Share => (double)Needs / Math.Max(Allowed, 1);

    /// <summary>The rejection of an engine by this cap.</summary>
    public Rejection Reject(Board board, Engine e) => new(Metric, $"{Text} of the cap on {board.Name}: needs {Needs}, allowed {Allowed} of {Has} (engine {e.Name})");

    /// <summary>The need in % of the cap, for example "LUT 131 %"; never "100 %" of what is exceeded.</summary>
    public string Text => $"{Name} {Math.Max(101, Math.Floor(100 * Share))} %";
}
