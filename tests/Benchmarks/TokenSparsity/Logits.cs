namespace Hone.Benchmarks.TokenSparsity;

/// <summary>What is read from logits (N, classes), flattened.</summary>
internal static class Logits
{
    /// <summary>Mean cross entropy, in nats.</summary>
    public static double CrossEntropy(float[] logits, ReadOnlySpan<byte> labels)
    {
        int classes = logits.Length / labels.Length;
        double sum = 0;
        for (int i = 0; i < labels.Length; i++) sum += LogSum(logits.AsSpan(i * classes, classes)) - logits[(i * classes) + labels[i]];
        return sum / labels.Length;
    }

    /// <summary>(N): the largest probability.</summary>
    public static double[] Sureness(float[] logits, int classes)
    {
        double[] sure = new double[logits.Length / classes];
        for (int i = 0; i < sure.Length; i++)
        {
            ReadOnlySpan<float> row = logits.AsSpan(i * classes, classes);
            sure[i] = Math.Exp(Top(row) - LogSum(row));
        }
        return sure;
    }

    private static double LogSum(ReadOnlySpan<float> row)
    {
        double top = Top(row), sum = 0;
        foreach (float l in row) sum += Math.Exp(l - top);
        return top + Math.Log(sum);
    }

    private static double Top(ReadOnlySpan<float> row)
    {
        double top = double.NegativeInfinity;
        foreach (float l in row) top = Math.Max(top, l);
        return top;
    }
}
