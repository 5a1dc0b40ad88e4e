using Hone.Neural.Elastic;
using Hone.Neural.Quantize;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>The order of 8-bit rows of every searched matrix, and the running E[x_j^2] of its inputs that the scores need.</summary>
internal sealed class QuasarVitRows
{
    private const int SampledImages = 8;       // of a batch: 400 tokens estimate a mean square well enough
    private const double Decay = 0.9;          // per collection, every 16th step: 0.993 per step
    private readonly int[][] _orders;
    private readonly int[][] _identity;

    public QuasarVitRows(QuasarVitConfig config)
    {
        int e = config.MaxWidth, a = config.MaxInner, hidden = config.MaxHidden;
        (int M, int K)[] sizes = [(3 * a, e), (e, a), (hidden, e), (e, hidden)];
        _identity = [.. sizes.Select(s => Enumerable.Range(0, s.M).ToArray())];
        _orders = [.. Enumerable.Range(0, config.MaxDepth * 4).Select(i => _identity[i % 4])];
        Squares = [.. Enumerable.Range(0, config.MaxDepth * 4).Select(i => new float[sizes[i % 4].K])];
    }

    /// <summary>E[x_j^2] per layer (block * 4 + matrix), shape (K).</summary>
    public float[][] Squares { get; }

    /// <summary>Row numbers of the full matrix by falling score.</summary>
    public int[] Order(int block, int matrix) => _orders[block * 4 + matrix];

    /// <summary>Sets an order read from a checkpoint.</summary>
    public void SetOrder(int layer, int[] order) => _orders[layer] = order;

    /// <summary>The rows of the full matrix that a subnet of m rows uses, ascending.</summary>
    public int[] Active(int matrix, int m)
    {
        int all = _identity[matrix].Length;
        if (m == all || matrix != 0) return m == all ? _identity[matrix] : _identity[matrix][..m];
        int[] active = new int[m];
        int part = m / 3, full = all / 3;
        for (int i = 0; i < m; i++) active[i] = i / part * full + i % part;
        return active;
    }

    /// <summary>Takes a layer's input (B, n, K) of the largest net, in units of a step or (null) as it is, into the running mean.</summary>
    public void Collect(int block, int matrix, Tensor codes, Tensor? step)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor sample = codes.narrow(0, 0, Math.Min(SampledImages, codes.shape[0])).to_type(ScalarType.Float32);
        float[] now = (step is null ? sample : sample * step).square().mean([0, 1]).Numbers(); // (K)
        float[] mean = Squares[block * 4 + matrix];
        for (int j = 0; j < now.Length; j++)
            mean[j] = mean[j] == 0 ? now[j] : (float)(Decay * mean[j] + (1 - Decay) * now[j]);
    }

    /// <summary>Orders the rows of every matrix anew by what 4 bits would cost its output: score[m] = sum_j (W[m,j] - W4[m,j])^2 E[x_j^2], W the latent row that 4 bits see.</summary>
    /// <param name="parameter">A parameter's numbers by name, or null where the net has none of it.</param>
    public void Refresh(Func<string, float[]?> parameter)
    {
        for (int layer = 0; layer < _orders.Length; layer++)
        {
            string name = $"b{layer / 4 + 1}.{QuasarVitSupernet.Matrices[layer % 4]}";
            float[] w = parameter(name + ".w4") ?? parameter(name)!, log4 = parameter(name + ".log4")!, squares = Squares[layer];
            double[] scores = new double[log4.Length];
            for (int m = 0; m < scores.Length; m++)
            {
                float s = MathF.Exp(log4[m]);
                for (int j = 0; j < squares.Length; j++)
                {
                    float value = w[m * squares.Length + j];
                    double error = value - s * Math.Clamp(MathF.Round(value / s), -8, 7);
                    scores[m] += error * error * squares[j];
                }
            }
            _orders[layer] = RowOrder.ByScore(scores);
        }
    }
}
