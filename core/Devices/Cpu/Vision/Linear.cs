using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>A linear layer packed once, over rows with gaps. What multiplies is known here alone: a product of codes may take its place.</summary>
internal sealed unsafe class Linear(LinearLayer layer)
{
    private readonly FloatGemm _gemm = new(layer.Weights, layer.M, layer.K, layer.Bias);

    public int Outputs => layer.M;

    public int Inputs => layer.K;

    /// <summary>Multiplications of a row.</summary>
    public long Macs => (long)layer.M * layer.K;

    /// <param name="x">[rows][K].</param>
    /// <param name="y">[rows][M]; may not overlap X.</param>
    /// <param name="after">Done to rows of Y, whose distance it must know.</param>
    public void Run(TokenRows x, TokenRows y, int rows, Workers workers, IAfter? after = null)
    {
        if (rows > 0) _gemm.Run((byte*)x.First, x.Bytes, (float*)y.First, y.Bytes, rows, workers, after);
    }

    /// <summary>The same by the caller alone, who may be one of several at once.</summary>
    public void Alone(TokenRows x, TokenRows y, int rows) => _gemm.Alone((byte*)x.First, x.Bytes, (float*)y.First, y.Bytes, rows);
}
