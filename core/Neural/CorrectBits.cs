namespace Hone.Neural;

/// <summary>Which images a net classified correctly, in the order of the image set; paired comparisons need this, not only the mean.</summary>
public sealed class CorrectBits
{
    private readonly bool[] _correct;

    public CorrectBits(bool[] correct) => (_correct, Right) = (correct, correct.Count(c => c));

    /// <summary>From logits (N, classes): an image is right where its label's is the largest, the first of equals.</summary>
    public static CorrectBits Of(ReadOnlySpan<float> logits, ReadOnlySpan<byte> labels, int classes)
    {
        bool[] correct = new bool[labels.Length];
        for (int i = 0; i < correct.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            int best = 0;
            for (int c = 1; c < classes; c++)
                if (row[c] > row[best]) best = c;
            correct[i] = best == labels[i];
        }
        return new CorrectBits(correct);
    }

    public int Count => _correct.Length;

    public int Right { get; }

    /// <summary>Share of correct images in 0..1; 0 for none.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Right / Count;

    /// <summary>One standard error of <see cref="Accuracy"/>, of the images' sampling only.</summary>
    public double StandardError => Count == 0 ? 0 : Math.Sqrt(Accuracy * (1 - Accuracy) / Count);

    public bool this[int image] => _correct[image];

    /// <summary>Eight images a byte, the lowest bit first.</summary>
    public byte[] ToBytes()
    {
        byte[] packed = new byte[(Count + 7) / 8];
        for (int i = 0; i < Count; i++)
            if (_correct[i]) packed[i / 8] |= (byte)(1 << (i % 8));
        return packed;
    }
}
