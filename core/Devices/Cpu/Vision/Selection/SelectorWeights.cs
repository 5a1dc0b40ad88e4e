using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>
/// A <see cref="TokenSelector"/> made ready. <c>Fc1</c> is cut in two: its part for local features runs for every token, its part for global ones once for an image and head and joins the bias. Of <c>Fc3</c> only the
/// difference of its outputs is computed, keep less drop: the probability to be kept is its sigmoid, the difference of logarithms itself.
/// </summary>
internal sealed unsafe class SelectorWeights
{
    public SelectorWeights(TokenSelector s, int width, float epsilon)
    {
        (Selector, Slice, Half) = (s, width / s.Heads, width / s.Heads / 2);
        Norm = new LaneNorm(s.Norm, Slice, epsilon);
        int inputs = s.Fc1.K, outputs = s.Fc1.M;
        float[] local = new float[outputs * Half];
        (Global, Bias) = (new float[Half * outputs], s.Fc1.Bias);
        for (int m = 0; m < outputs; m++)
            for (int k = 0; k < Half; k++) (local[m * Half + k], Global[k * outputs + m]) = (s.Fc1.Weights[m * inputs + k], s.Fc1.Weights[m * inputs + Half + k]);
        float[] difference = [.. Enumerable.Range(0, s.Fc3.K).Select(k => s.Fc3.Weights[k] - s.Fc3.Weights[s.Fc3.K + k])];
        (Embed, Local, Fc2, Fc3) = (Of(s.Embed), new LaneLayer(outputs, Half, local, s.Fc1.Bias), Of(s.Fc2), new LaneLayer(1, s.Fc3.K, difference, [s.Fc3.Bias[0] - s.Fc3.Bias[1]]));
        (HeadFc1, HeadFc2) = (Of(s.HeadFc1), Of(s.HeadFc2));
        Macs = s.Heads * new[] { s.Embed, s.Fc1, s.Fc2, s.Fc3 }.Sum(l => (long)l.M * l.K) + new[] { s.HeadFc1, s.HeadFc2 }.Sum(l => (long)l.M * l.K);

        static LaneLayer Of(LinearLayer layer) => new(layer.M, layer.K, layer.Weights, layer.Bias);
    }

    public TokenSelector Selector { get; }

    /// <summary>h.</summary>
    public int Heads => Selector.Heads;

    /// <summary>d.</summary>
    public int Slice { get; }

    /// <summary>d / 2, local features and global ones.</summary>
    public int Half { get; }

    /// <summary>The first global feature among the outputs of <see cref="Embed"/>.</summary>
    public int FirstGlobal => Embed.Outputs == Slice ? Half : 0;

    public LaneNorm Norm { get; }

    public LaneLayer Embed { get; }

    /// <summary>From d / 2 local features.</summary>
    public LaneLayer Local { get; }

    /// <summary>[d / 2 global features][outputs of Fc1].</summary>
    public float[] Global { get; }

    /// <summary>[outputs of Fc1].</summary>
    public float[] Bias { get; }

    public LaneLayer Fc2 { get; }

    /// <summary>One output: keep less drop.</summary>
    public LaneLayer Fc3 { get; }

    public LaneLayer HeadFc1 { get; }

    public LaneLayer HeadFc2 { get; }

    /// <summary>Multiplications of a token, as the layers are stated.</summary>
    public long Macs { get; }
}
