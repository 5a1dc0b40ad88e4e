using Hone.Model;
using Hone.Neural;

namespace Hone.Studies.Images;

/// <summary>Accuracy as measurements and as bits.</summary>
internal static class Accuracies
{
    /// <summary>Percent, with the standard error of the images' sampling.</summary>
    public static Measurement Of(string metric, CorrectBits correct) =>
        new(metric, Math.Round(100 * correct.Accuracy, 4), "%", Origin.Trained, Math.Round(100 * correct.StandardError, 4));

    /// <summary>One bit per image in whole words, as an evaluation carries them.</summary>
    public static byte[] Words(CorrectBits correct)
    {
        byte[] bits = new byte[(correct.Count + 63) / 64 * 8];
        correct.ToBytes().CopyTo(bits, 0);
        return bits;
    }
}
