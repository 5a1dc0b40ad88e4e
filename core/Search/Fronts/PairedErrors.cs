using System.Numerics;

namespace Hone.Search;

/// <summary>The standard error of the difference between two candidates' accuracies on the same images, as a fraction.</summary>
public delegate double PairedError(int a, int b);

/// <summary>
/// Standard errors of paired differences. With d(t) in {-1, 0, 1} the difference on image t, b and c the images that only one or only the other
/// gets right, N images: variance ((b + c)/N - ((b - c)/N)^2) / N (McNemar's table; Agresti, "Categorical data analysis", section 11.1).
/// </summary>
public static class PairedErrors
{
    /// <summary>From which images each candidate gets right.</summary>
    /// <param name="correct">Shape (n)(ceil(images / 64)): bit t of the words, lowest first, is image t; bits past the last image are 0.</param>
    /// <param name="images">N, at least 1.</param>
    public static PairedError OfCorrect(ulong[][] correct, int images)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        foreach (ulong[] words in correct)
            if (words.Length != (images + 63) / 64) throw new ArgumentException($"expected {(images + 63) / 64} words for {images} images, got {words.Length}");
        return (a, b) =>
        {
            long onlyA = 0, onlyB = 0;
            for (int w = 0; w < correct[a].Length; w++)
            {
                onlyA += BitOperations.PopCount(correct[a][w] & ~correct[b][w]);
                onlyB += BitOperations.PopCount(correct[b][w] & ~correct[a][w]);
            }
            double mean = (double)(onlyA - onlyB) / images;
            return Math.Sqrt(Math.Max(0, (double)(onlyA + onlyB) / images - mean * mean) / images);
        };
    }

    /// <summary>
    /// An upper bound when only accuracies are known: sqrt(p/N), p the most images on which two candidates can disagree. They disagree only where one
    /// is wrong and only where one is right, so p = min(1, 2 - a - b, a + b) for accuracies a and b.
    /// </summary>
    /// <param name="accuracy">Shape (n), fractions.</param>
    /// <param name="images">N, at least 1.</param>
    public static PairedError Bound(double[] accuracy, int images)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        return (a, b) =>
        {
            double sum = accuracy[a] + accuracy[b];
            return Math.Sqrt(Math.Clamp(Math.Min(2 - sum, sum), 0, 1) / images);
        };
    }

    /// <summary>Packs one candidate's answers for <see cref="OfCorrect"/>.</summary>
    public static ulong[] Pack(ReadOnlySpan<bool> correct)
    {
        ulong[] words = new ulong[(correct.Length + 63) / 64];
        for (int t = 0; t < correct.Length; t++)
            if (correct[t]) words[t >> 6] |= 1UL << (t & 63);
        return words;
    }
}
