using Hone.Model;
using Hone.Neural.Elastic;

namespace Hone.Neural.Vit;

/// <summary>What all shards of a round begin with.</summary>
/// <param name="Values">(P): the net's parameters.</param>
/// <param name="Momentum">(P): the outer optimiser's.</param>
/// <param name="Teacher">(N, C): the teacher's answers.</param>
/// <param name="Squares">Input statistics per layer, (K) each.</param>
/// <param name="Orders">Row orders per layer, (M) each.</param>
internal sealed record QuasarVitRoundState(float[] Values, float[] Momentum, float[] Teacher, float[][] Squares, int[][] Orders)
{
    private const string Format = "quasar-vit round 1";

    /// <summary>The next round's, from where the shards of this one ended (their checkpoints, in the order of the shards).</summary>
    public QuasarVitRoundState After(IReadOnlyList<ArrayFile> ends, LocalSgd rounds, int classes)
    {
        (float[] values, float[] momentum) = ([.. Values], [.. Momentum]);
        OuterStep.Apply(values, momentum, All("values"), rounds);
        return new QuasarVitRoundState(values, momentum, OuterStep.Written(Teacher, All("teacher"), classes),
            [.. Squares.Select((_, layer) => OuterStep.Mean(All($"squares.{layer}")))], [.. Orders.Select((_, layer) => ends[0].Get<int[]>($"order.{layer}"))]);

        List<float[]> All(string name) => [.. ends.Select(e => e.Get<float[]>(name))];
    }

    public byte[] ToBytes()
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        file.Add("values", Values);
        file.Add("momentum", Momentum);
        file.Add("teacher", Teacher);
        for (int layer = 0; layer < Squares.Length; layer++)
        {
            file.Add($"squares.{layer}", Squares[layer]);
            file.Add($"order.{layer}", Orders[layer]);
        }
        return file.ToBytes();
    }

    /// <exception cref="HoneException">Damaged, or not the state of a round.</exception>
    public static QuasarVitRoundState Read(ReadOnlySpan<byte> bytes)
    {
        ArrayFile file = ArrayFile.Read(bytes);
        if (file.Get<string>("format") is not Format and var other) throw new HoneException($"expected the state of a round ('{Format}'), got '{other}'");
        int layers = Enumerable.Range(0, int.MaxValue).TakeWhile(layer => file.Has($"squares.{layer}")).Count();
        return new QuasarVitRoundState(file.Get<float[]>("values"), file.Get<float[]>("momentum"), file.Get<float[]>("teacher"),
            [.. Enumerable.Range(0, layers).Select(layer => file.Get<float[]>($"squares.{layer}"))], [.. Enumerable.Range(0, layers).Select(layer => file.Get<int[]>($"order.{layer}"))]);
    }
}
