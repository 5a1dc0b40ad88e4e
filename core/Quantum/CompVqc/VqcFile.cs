using Hone.Model;

namespace Hone.Quantum.CompVqc;

/// <summary>States as bytes, for checkpoints: little-endian, exact.</summary>
public static class VqcFile
{
    private const int DenseMark = 0x31435156, SolverMark = 0x31535156;   // "VQC1", "VQS1"

    /// <summary>Trained circuits by name.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, VqcState> trained) => Write(writer =>
    {
        writer.Write(DenseMark);
        writer.Write(trained.Count);
        foreach ((string name, VqcState state) in trained.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            writer.Write(name);
            Write(writer, state);
        }
    });

    /// <exception cref="HoneException">Not such bytes.</exception>
    public static Dictionary<string, VqcState> ReadTrained(byte[] bytes) => Read(bytes, DenseMark, reader =>
        Enumerable.Range(0, reader.ReadInt32()).Select(_ => (reader.ReadString(), ReadState(reader))).ToDictionary(StringComparer.Ordinal));

    /// <summary>A solver's state: primal, auxiliary and dual values, what is chosen and frozen, the residuals so far.</summary>
    public static byte[] Write(CompressionState state) => Write(writer =>
    {
        writer.Write(SolverMark);
        Write(writer, state.Training);
        writer.Write(state.Round);
        foreach (double value in state.Dual.Concat(state.Auxiliary)) writer.Write(value);
        foreach (bool value in state.Chosen.Concat(state.Snapped)) writer.Write(value);
        writer.Write(state.Residuals.Count);
        foreach (Residual residual in state.Residuals)
        {
            writer.Write(residual.Round);
            foreach (double value in new[] { residual.Rho, residual.Primal, residual.Dual }) writer.Write(value);
        }
    });

    /// <exception cref="HoneException">Not such bytes.</exception>
    public static CompressionState ReadSolver(byte[] bytes) => Read(bytes, SolverMark, reader =>
    {
        VqcState training = ReadState(reader);
        int n = training.Weights.Length, round = reader.ReadInt32();
        double[] dual = Doubles(reader, n), auxiliary = Doubles(reader, n);
        bool[] chosen = [.. Enumerable.Range(0, n).Select(_ => reader.ReadBoolean())], snapped = [.. Enumerable.Range(0, n).Select(_ => reader.ReadBoolean())];
        return new CompressionState(training, round, dual, auxiliary, chosen, snapped,
            [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => new Residual(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()))]);
    });

    private static void Write(BinaryWriter writer, VqcState state)
    {
        writer.Write(state.Batches);
        writer.Write(state.Weights.Length);
        foreach (double weight in state.Weights) writer.Write(weight);
    }

    private static VqcState ReadState(BinaryReader reader)
    {
        ulong batches = reader.ReadUInt64();
        return new VqcState(Doubles(reader, reader.ReadInt32()), batches);
    }

    private static double[] Doubles(BinaryReader reader, int count) => [.. Enumerable.Range(0, count).Select(_ => reader.ReadDouble())];

    private static byte[] Write(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes)) write(writer);
        return bytes.ToArray();
    }

    private static T Read<T>(byte[] bytes, int mark, Func<BinaryReader, T> read)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            if (reader.ReadInt32() == mark) return read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or ArgumentException)
        {
            throw new HoneException($"expected a whole checkpoint of a circuit, got {bytes.Length} bytes that end too early", e);
        }
        throw new HoneException("expected a checkpoint of a circuit, got other bytes: it was written by another method or version");
    }
}
