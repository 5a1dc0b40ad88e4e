using Hone.Model;

namespace Hone.Export;

/// <summary>
/// Attention inside windows. Tokens stand in the order of the windows while they attend: all of them in that order where none was dropped, else scattered into places of which the empty ones
/// are seen by none. Letters: N images, n tokens, g side of the grid, w windows of s tokens, h heads of width d, A = h d.
/// </summary>
/// <param name="scope">The block's "window".</param>
internal sealed class VisionWindowOnnx(OnnxScope scope, WindowAttention window, int heads, int d)
{
    private readonly OnnxGraph _graph = scope.Graph;
    private readonly int _s = window.Size * window.Size, _a = heads * d;

    /// <summary>qkv (N, n, 3A) -> what heads mix (N, n, A).</summary>
    public string Write(TokensOnnx tokens, string qkv)
    {
        int[] order = Order(tokens.Grid);                                                                     // (g g): the place of each slot
        long[] slots = new long[order.Length];                                                                // (g g): the slot of each place
        for (int slot = 0; slot < order.Length; slot++) slots[order[slot]] = slot;
        string back = scope.Graph.Int64s($"{scope.Name}.slots", slots);
        string ordered;
        string? seen = window.Shift > 0 ? Regions(tokens.Grid, order) : null;                                 // (w, 1, s or 1, s)
        if (tokens.Places is null) ordered = Gather("ordered", qkv, scope.Graph.Int64s($"{scope.Name}.order", [.. order.Select(i => (long)i)]), 1);
        else
        {
            back = Gather("slots_alive", back, tokens.Places, 0);                                             // (n)
            ordered = PlacesOnnx.Scatter(scope, "ordered", qkv, back, order.Length, 3 * _a);             // (1, g g, 3A)
            string filled = PlacesOnnx.Mask(scope, "filled", back, order.Length);                        // (g g)
            string keys = scope.To("filled_keys", scope.Reshape("filled_windows", filled, -1, 1, 1, _s), OnnxSchema.DataType.Bool);
            seen = seen is null ? keys : scope.Node("And", "seen", [seen, keys]);
        }
        string windows = scope.Reshape("windows", ordered, -1, _s, 3 * _a);                                   // (N w, s, 3A)
        string mixed = new AttentionOnnx(scope, heads, d) { See = scores => See(scores, seen, order.Length / _s) }.Write(windows).Mixed;
        return Gather("out", scope.Reshape("images", mixed, -1, order.Length, _a), back, 1);
    }

    /// <summary>scores (N w, h, s, s), with the bias of relative places; unseen ones become nothing.</summary>
    private string See(string scores, string? seen, int windows)
    {
        int side = 2 * window.Size - 1;
        float[] bias = new float[heads * _s * _s];                                                            // (h, s, s)
        for (int i = 0; i < bias.Length; i++)
        {
            int head = i / (_s * _s), q = i / _s % _s, k = i % _s, rows = (q / window.Size) - (k / window.Size), columns = (q % window.Size) - (k % window.Size);
            bias[i] = window.Bias[(head * side * side) + ((rows + window.Size - 1) * side) + columns + window.Size - 1];
        }
        string biased = scope.Node("Add", "biased", [scores, scope.Floats("bias", bias, heads, _s, _s)]);
        if (seen is null) return biased;
        string split = scope.Reshape("scores_by_window", biased, -1, windows, heads, _s, _s);                 // (N, w, h, s, s)
        return scope.Reshape("scores_seen", scope.Node("Where", "scores_masked", [seen, split, _graph.Number(LayerOnnx.Unseen)]), -1, heads, _s, _s);
    }

    /// <summary>Whether two slots of a window are not from opposite sides of the image, truth values (w, 1, s, s).</summary>
    private string Regions(int grid, int[] order)
    {
        long[] region = [.. order.Select(place => (long)((place / grid < window.Shift ? 2 : 0) + (place % grid < window.Shift ? 1 : 0)))];
        string regions = scope.Graph.Int64s($"{scope.Name}.regions", region);
        return scope.Node("Equal", "same_region", [scope.Reshape("region_queries", regions, -1, 1, _s, 1), scope.Reshape("region_keys", regions, -1, 1, 1, _s)]);
    }

    /// <summary>The places of the grid, window by window, once it is rolled.</summary>
    private int[] Order(int grid)
    {
        int across = grid / window.Size;
        int[] order = new int[grid * grid];
        for (int slot = 0; slot < order.Length; slot++)
        {
            int at = slot / _s, inside = slot % _s, row = (at / across * window.Size) + (inside / window.Size), column = (at % across * window.Size) + (inside % window.Size);
            order[slot] = ((row + window.Shift) % grid * grid) + ((column + window.Shift) % grid);
        }
        return order;
    }

    private string Gather(string output, string x, string index, int axis) => scope.Node("Gather", output, [x, index], OnnxAttribute.Int("axis", axis));
}
