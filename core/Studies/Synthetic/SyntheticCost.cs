using Hone.Model;

namespace Hone.Studies.Synthetic;

/// <summary>What a synthetic candidate would run on a device, made up from its variables, so that prices, limits and retargeting can be tried without training.</summary>
internal static class SyntheticCost
{
    /// <summary>Nothing at all: no device can price it.</summary>
    public const string None = "none";

    /// <summary>A matrix product to each variable, smaller where the variable is larger; every other one with a function on the host behind it.</summary>
    public const string Gemm = "gemm";

    /// <summary>A recurrent layer, which no FPGA board prices.</summary>
    public const string Recurrent = "recurrent";

    public static readonly string[] All = [None, Gemm, Recurrent];

    private const int Inner = 64, Columns = 50, LeastRows = 16, MoreRows = 112;
    private static readonly NumberFormat Int4 = NumberFormat.Int(4, true, Granularity.Row), Int6 = NumberFormat.Int(6);

    /// <param name="x">Shape (variables), in [0, 1].</param>
    public static ValueList<Op> Of(string cost, double[] x) => cost switch
    {
        Gemm => x.Select(Product).ToValueList(),
        Recurrent => [new Op.Recurrent("recurrent", "block 1", 1, Place.Any, Cell.Gru, Weights.Uniform("x", 8, 8, Int6), Weights.Uniform("h", 8, 8, Int6), Extent.Fixed("steps", 4), Int6, Int6)],
        _ => [],
    };

    private static Op Product(double x, int i) => new Op.Gemm($"x{i + 1}", $"block {i / 2 + 1}", 1, Place.Any,
        Weights.Uniform($"x{i + 1}", LeastRows + (int)Math.Round(MoreRows * (1 - x)), Inner, Int4), Extent.Fixed("columns", Columns), Int6, Int6, i % 2 == 1 ? [Function.Gelu] : []);
}
