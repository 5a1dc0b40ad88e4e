namespace Hone.Neural.Fused;

/// <summary>Room for one head on its way forwards: what is taken out of q (QueryRows, d), of the keys turned round (d, Row) and of the values (n, d), its scores (QueryRows, Row) and its answers (QueryRows, d).</summary>
internal sealed class AttentionBuffers(AttentionShape shape)
{
    public float[] Queries { get; } = new float[shape.QueryRows * shape.Width];

    public float[] Keys { get; } = new float[shape.Width * shape.Row];

    public float[] Values { get; } = new float[shape.Keys * shape.Width];

    public float[] Scores { get; } = new float[shape.QueryRows * shape.Row];

    public float[] Answers { get; } = new float[shape.QueryRows * shape.Width];
}
