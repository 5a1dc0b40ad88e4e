using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>
/// A small linear layer over tokens that stand side by side, one in each lane: features [K][lanes] to [M][lanes], with the tiles of products turned round. The layer's weights are the rows of X and features the panel of
/// weights, so that what one layer gives is what the next one reads, and no lane is spent on outputs that there are none of.
/// </summary>
internal sealed unsafe class LaneLayer
{
    private static readonly TileKernel s_tile = TileKernel.Float[^1];
    private readonly Buffer64<float> _weights, _bias;   // [M][K], [M][lanes]

    /// <param name="weights">(M, K).</param>
    /// <param name="bias">(M).</param>
    public LaneLayer(int outputs, int inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        (Outputs, Inputs, _weights, _bias) = (outputs, inputs, new Buffer64<float>(outputs * inputs), new Buffer64<float>(outputs * Lanes));
        weights.CopyTo(_weights.Span);
        for (int m = 0; m < outputs; m++) _bias.Span.Slice(m * Lanes, Lanes).Fill(bias[m]);
    }

    /// <summary>Tokens side by side.</summary>
    public static int Lanes => s_tile.Columns;

    /// <summary>M.</summary>
    public int Outputs { get; }

    /// <summary>K.</summary>
    public int Inputs { get; }

    /// <param name="x">[K][lanes].</param>
    /// <param name="y">[M][lanes]; may not overlap X.</param>
    /// <param name="bias">[M][lanes], in place of the layer's; null for that.</param>
    public void Run(float* x, float* y, float* bias = null)
    {
        if (bias == null) bias = _bias.Pointer;
        nint row = Lanes * sizeof(float);
        var call = new TileCall { XStride = Inputs * sizeof(float), Panel = (byte*)x, Steps = Inputs, YStride = row, AddendStride = row, First = 1, Last = 1, Panels = 1, Columns = Lanes };
        int tiles = (Outputs + s_tile.Rows - 1) / s_tile.Rows;
        for (int tile = 0; tile < tiles; tile++)
        {
            int from = Outputs * tile / tiles, to = Outputs * (tile + 1) / tiles;
            call.X = (byte*)(_weights.Pointer + (nint)from * Inputs);
            call.Y = (byte*)(y + (nint)from * Lanes);
            call.Addend = bias + (nint)from * Lanes;
            s_tile.Run(&call, to - from);
        }
    }
}
