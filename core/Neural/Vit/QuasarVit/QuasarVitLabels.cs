using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>What a training wants of each image: its smoothed label and, where a teacher has answered, the teacher's probabilities.</summary>
/// <param name="count">Training images.</param>
internal sealed class QuasarVitLabels(QuasarVitConfig config, ImageSet train, int count)
{
    /// <summary>The teacher's probabilities, (N, C); all 0 for an image that it has not seen.</summary>
    public float[] Teacher { get; } = new float[count * config.Classes];

    /// <summary>Keeps probabilities (B, C) as the soft labels of these images.</summary>
    public void Remember(ReadOnlySpan<int> images, ReadOnlySpan<float> probabilities)
    {
        int c = config.Classes;
        for (int i = 0; i < images.Length; i++) probabilities.Slice(i * c, c).CopyTo(Teacher.AsSpan(images[i] * c, c));
    }

    /// <summary>
    /// CE + w KL(p_T || p_S) = -sum (y + w p_T) log p_S + w sum p_T log p_T: fills y + w p_T (B, C) and returns the mean of the last term, which no
    /// gradient sees. y is the smoothed label.
    /// </summary>
    public double Fill(ReadOnlySpan<int> images, bool taught, Span<float> targets)
    {
        int classes = config.Classes;
        double constant = 0, smooth = config.LabelSmoothing, weight = config.Distillation;
        for (int i = 0; i < images.Length; i++)
            for (int c = 0; c < classes; c++)
            {
                double target = smooth / classes + (train.Labels[images[i]] == c ? 1 - smooth : 0), p = Teacher[images[i] * classes + c];
                if (taught && p > 0)
                {
                    target += weight * p;
                    constant += weight * p * Math.Log(p);
                }
                targets[i * classes + c] = (float)target;
            }
        return constant / images.Length;
    }
}
