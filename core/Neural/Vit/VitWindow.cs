using Hone.Neural.Elastic;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// Attention inside the windows of a grid (Swin), with the masks of <see cref="MaskedAttention"/> where tokens are dropped, as operations of torch. Letters: B images, g side of the grid, w windows of
/// s tokens, h heads of width d, A = h d.
/// </summary>
internal sealed class VitWindow
{
    private readonly int _s, _windows;
    private readonly long[] _order, _back, _relative;   // (g g): the place of each slot; the slot of each place; (s s): the relative place of query and key
    private readonly float[]? _regions;                 // (w, s, s): 1 where two slots are from the same side of the image; null: all are

    public VitWindow(int grid, int size, int shift)
    {
        int across = grid / size, side = Side(size);
        (_s, _windows, _order, _back) = (size * size, across * across, new long[grid * grid], new long[grid * grid]);
        for (int slot = 0; slot < _order.Length; slot++)
        {
            int at = slot / _s, inside = slot % _s, row = (at / across * size) + (inside / size), column = (at % across * size) + (inside % size);
            _order[slot] = ((row + shift) % grid * grid) + ((column + shift) % grid);
            _back[_order[slot]] = slot;
        }
        _relative = [.. Enumerable.Range(0, _s * _s).Select(i => (long)((((i / _s / size) - (i % _s / size) + size - 1) * side) + (i / _s % size) - (i % _s % size) + size - 1))];
        if (shift == 0) return;
        int[] region = [.. _order.Select(place => (place / grid < shift ? 2 : 0) + (place % grid < shift ? 1 : 0))];
        _regions = new float[_windows * _s * _s];
        for (int i = 0; i < _regions.Length; i++) _regions[i] = region[i / _s] == region[(i / (_s * _s) * _s) + (i % _s)] ? 1 : 0;
    }

    /// <summary>Relative places along an axis.</summary>
    public static int Side(int size) => (2 * size) - 1;

    /// <summary>Answers (B, g g, A) in the type of <paramref name="q"/>.</summary>
    /// <param name="q">(B, g g, A).</param>
    /// <param name="kv">(B, g g, 2 A).</param>
    /// <param name="mask">(B, g g), 1 for alive tokens; null: all are.</param>
    /// <param name="table">Bias by relative place, ((2 size - 1)^2, h) as in Swin's checkpoints.</param>
    public Tensor Apply(Tensor q, Tensor kv, Tensor? mask, Tensor table, int heads, double scale, double epsilon)
    {
        long images = q.shape[0], a = q.shape[2];
        Tensor order = Here(_order);
        Tensor bias = table.index_select(0, Here(_relative)).view(_s, _s, heads).permute(2, 0, 1).unsqueeze(0); // (1, h, s, s)
        Tensor l = matmul(Windows(q), Windows(kv.narrow(2, 0, a)).transpose(2, 3)).to_type(ScalarType.Float32).Times(scale).Plus(bias); // (B w, h, s, s)
        Tensor p = mask is null && _regions is null ? F.softmax(l, -1) : Seen(l, mask?.index_select(1, order), images, mask is null ? 0 : epsilon);
        Tensor o = matmul(p.to_type(q.dtype), Windows(kv.narrow(2, a, a))).transpose(1, 2).reshape(images, _windows * _s, a); // (B, g g, A)
        return o.index_select(1, Here(_back));

        Tensor Here(long[] numbers) => tensor(numbers).to(q.device);

        Tensor Windows(Tensor x) => x.index_select(1, order).view(images * _windows, _s, heads, -1).transpose(1, 2); // (B w, h, s, d)
    }

    /// <summary>Probabilities over what a token sees: itself, and the living of its side of the image.</summary>
    private Tensor Seen(Tensor l, Tensor? mask, long images, double epsilon)
    {
        Tensor own = eye(_s, _s, ScalarType.Float32, l.device), weight = ones_like(own);  // (s, s)
        if (mask is not null) weight = own.Plus(mask.view(images, _windows, 1, _s).mul(ones_like(own).Minus(own))); // (B, w, s, s)
        if (_regions is not null) weight = weight * Placed.On(l.device, _regions, 1, _windows, _s, _s);  // (B or 1, w, s, s)
        weight = weight.expand(images, _windows, _s, _s).reshape(images * _windows, 1, _s, _s);
        Tensor alive = where(weight.Positive(), l.detach(), Placed.On(l.device, float.NegativeInfinity));
        Tensor e = l.Minus(alive.amax([-1], keepdim: true)).minimum(Placed.On(l.device, MaskedRow.Highest)).exp().mul(weight);
        return e.Plus(Placed.On(l.device, (float)(epsilon / _s))).div(e.sum([-1L], keepdim: true).Plus(Placed.On(l.device, (float)epsilon)));
    }
}
