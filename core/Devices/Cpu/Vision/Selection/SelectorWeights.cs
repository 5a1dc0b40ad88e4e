using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>
/// A <see cref="TokenSelector"/> packed once. <c>Fc1</c> is cut in two: its part for local features runs for every token, its part for global ones once for an image and head and joins the bias. Of <c>Fc3</c> only the
/// difference of its outputs is computed, keep less drop: the probability to be kept is its sigmoid, the difference of logarithms itself.
/// </summary>
internal sealed unsafe class SelectorWeights
{
    public SelectorWeights(TokenSelector s, int width, float epsilon)
    {
        (Selector, Slice, Half) = (s, width / s.Heads, width / s.Heads / 2);
        Norm = s.Norm is null ? null : new Norm(s.Norm, epsilon);
        int inputs = s.Fc1.K, outputs = s.Fc1.M;
        (float[] local, float[] global) = (new float[outputs * Half], new float[Half * outputs]);
        for (int m = 0; m < outputs; m++)
            for (int k = 0; k < Half; k++) (local[m * Half + k], global[k * outputs + m]) = (s.Fc1.Weights[m * inputs + k], s.Fc1.Weights[m * inputs + Half + k]);
        float[] difference = [.. Enumerable.Range(0, s.Fc3.K).Select(k => s.Fc3.Weights[k] - s.Fc3.Weights[s.Fc3.K + k])];
        (Embed, Local, Fc2) = (new Linear(s.Embed), new Linear(s.Fc1 with { K = Half, Weights = local }), new Linear(s.Fc2));
        Fc3 = new Linear(s.Fc3 with { M = 1, Weights = difference, Bias = [s.Fc3.Bias[0] - s.Fc3.Bias[1]] });
        (HeadFc1, HeadFc2) = (new Linear(s.HeadFc1), new Linear(s.HeadFc2));
        Macs = s.Heads * new[] { s.Embed, s.Fc1, s.Fc2, s.Fc3 }.Sum(l => (long)l.M * l.K) + HeadFc1.Macs + HeadFc2.Macs;
        (Global, Bias) = (new Buffer64<float>(global.Length), new Buffer64<float>(outputs));
        global.CopyTo(Global.Span);
        s.Fc1.Bias.CopyTo(Bias.Span);
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

    public Norm? Norm { get; }

    public Linear Embed { get; }

    /// <summary>From d / 2 local features.</summary>
    public Linear Local { get; }

    /// <summary>[d / 2 global features][outputs of Fc1].</summary>
    public Buffer64<float> Global { get; }

    /// <summary>[outputs of Fc1].</summary>
    public Buffer64<float> Bias { get; }

    public Linear Fc2 { get; }

    /// <summary>One output: keep less drop.</summary>
    public Linear Fc3 { get; }

    public Linear HeadFc1 { get; }

    public Linear HeadFc2 { get; }

    /// <summary>Multiplications of a token, as the layers are stated.</summary>
    public long Macs { get; }
}
