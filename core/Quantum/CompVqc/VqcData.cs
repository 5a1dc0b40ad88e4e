namespace Hone.Quantum.CompVqc;

/// <summary>Samples as a circuit takes them.</summary>
/// <param name="Angles">[samples, inputs].</param>
/// <param name="Labels">[samples]: 0 to classes - 1.</param>
/// <param name="Inputs">Angles of a sample.</param>
public sealed record VqcData(double[] Angles, int[] Labels, int Inputs)
{
    public int Samples => Labels.Length;

    /// <summary>Encodes features.</summary>
    /// <param name="features">[samples, width]; for angles scaled to [0, pi].</param>
    public static VqcData Encode(double[] features, int width, int[] labels, EncodingKind encoding, int qubits)
    {
        int inputs = Encoding.Inputs(encoding, qubits, width);
        double[] angles = new double[labels.Length * inputs];
        for (int i = 0; i < labels.Length; i++) Encoding.Angles(encoding, qubits, features.AsSpan(i * width, width), angles.AsSpan(i * inputs, inputs));
        return new VqcData(angles, labels, inputs);
    }
}
