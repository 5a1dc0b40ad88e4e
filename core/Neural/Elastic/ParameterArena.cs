using Hone.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Elastic;

/// <summary>What the optimiser does with a parameter; parameters of one kind lie side by side.</summary>
internal enum ParameterKind { Decayed, Plain, Step, Fixed }

/// <summary>
/// All parameters of a net in one flat buffer, their gradients in a second and AdamW's moments in two more. A parameter is a leaf tensor that
/// aliases its place, so the optimiser runs over the whole net in a few operations and a checkpoint is three arrays.
/// </summary>
internal sealed class ParameterArena : IDisposable
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Tensor> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int At, int Length)> _places = new(StringComparer.Ordinal);

    private bool _shares;   // the values are another arena's

    private sealed record Entry(string Name, long[] Shape, ParameterKind Kind, float[] Initial);

    /// <summary>Shape (P) each: values, gradients, first and second moments.</summary>
    public Tensor Values { get; private set; } = null!;

    public Tensor Gradients { get; private set; } = null!;

    public Tensor First { get; private set; } = null!;

    public Tensor Second { get; private set; } = null!;

    /// <summary>Lengths of the leading parts of <see cref="Values"/>: with weight decay, and all but quantiser steps.</summary>
    public long Decayed { get; private set; }

    public long WithoutSteps { get; private set; }

    public void Add(string name, long[] shape, ParameterKind kind, float[] initial) => _entries.Add(new Entry(name, shape, kind, initial));

    /// <summary>Lays the parameters out. Views live until the arena is disposed.</summary>
    public void Seal(Device device)
    {
        Entry[] laid = [.. _entries.OrderBy(e => (int)e.Kind)];   // a stable sort: the order of adding within a kind
        float[] all = new float[laid.Sum(e => e.Initial.Length)];
        int at = 0;
        foreach (Entry entry in laid)
        {
            entry.Initial.CopyTo(all, at);
            at += entry.Initial.Length;
        }
        using (NewDisposeScope())
        {
            Values = Placed.On(device, all, all.Length).DetachFromDisposeScope();
            Gradients = torch.zeros_like(Values).DetachFromDisposeScope();
            First = torch.zeros_like(Values).DetachFromDisposeScope();
            Second = torch.zeros_like(Values).DetachFromDisposeScope();
            at = 0;
            foreach (Entry entry in laid)
            {
                int length = entry.Initial.Length;
                Tensor view = Values.narrow(0, at, length).view(entry.Shape).detach();
                if (entry.Kind != ParameterKind.Fixed)
                {
                    view.requires_grad_(true);
                    view.grad = Gradients.narrow(0, at, length).view(entry.Shape);
                }
                _views.Add(entry.Name, view.DetachFromDisposeScope());
                _places.Add(entry.Name, (at, length));
                at += length;
                if (entry.Kind == ParameterKind.Decayed) Decayed = at;
                if (entry.Kind is ParameterKind.Decayed or ParameterKind.Plain) WithoutSteps = at;
            }
        }
        _entries.Clear();
    }

    /// <summary>The same values under gradients of its own, for a second thread; no moments. To be disposed before this arena.</summary>
    public ParameterArena Shadow()
    {
        using var scope = NewDisposeScope();
        var shadow = new ParameterArena { _shares = true, Values = Values, Decayed = Decayed, WithoutSteps = WithoutSteps, Gradients = torch.zeros_like(Values).DetachFromDisposeScope() };
        foreach (var (name, (at, length)) in _places)
        {
            Tensor view = Values.narrow(0, at, length).view(_views[name].shape).detach();
            if (_views[name].requires_grad)
            {
                view.requires_grad_(true);
                view.grad = shadow.Gradients.narrow(0, at, length).view(view.shape);
            }
            shadow._views.Add(name, view.DetachFromDisposeScope());
            shadow._places.Add(name, (at, length));
        }
        return shadow;
    }

    /// <summary>Adds a shadow's gradients to these and clears them there.</summary>
    public void Gather(ParameterArena shadow)
    {
        using var frozen = no_grad();
        Gradients.PlusInPlace(shadow.Gradients);
        shadow.Gradients.zero_();
    }

    public IEnumerable<string> Names => _views.Keys;

    public bool Has(string name) => _views.ContainsKey(name);

    /// <summary>Copies a parameter onto another of its shape: value, gradient and both moments.</summary>
    public void Copy(string from, string to)
    {
        using var frozen = no_grad();
        var (source, target) = (_places[from], _places[to]);
        foreach (Tensor buffer in (Tensor[])[Values, Gradients, First, Second])
        {
            using Tensor a = buffer.narrow(0, source.At, source.Length), b = buffer.narrow(0, target.At, target.Length);
            b.copy_(a);
        }
    }

    /// <summary>Writes every parameter under its name behind a prefix.</summary>
    public void Save(ArrayFile file, string prefix)
    {
        foreach (string name in Names) file.Add(prefix + name, this[name].Numbers());
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="HoneException">A parameter is missing or of another size; all such are named.</exception>
    public void Load(ArrayFile file, string prefix)
    {
        string[] unfit = [.. Names.Where(name => !file.Has(prefix + name) || file.Get<float[]>(prefix + name).Length != _places[name].Length)];
        if (unfit.Length > 0) throw new HoneException($"expected the weights of another network: missing or of another size {(unfit.Length == 1 ? "is" : "are")} {string.Join(", ", unfit)}");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (string name in Names) this[name].copy_(tensor(file.Get<float[]>(prefix + name)).view(this[name].shape));
    }

    /// <summary>Takes over another arena's values, of the same parameters.</summary>
    public void Take(ParameterArena other)
    {
        using var frozen = no_grad();
        Values.copy_(other.Values);
    }

    /// <exception cref="InvalidOperationException">No such parameter.</exception>
    public Tensor this[string name] => _views.TryGetValue(name, out Tensor? view) ? view : throw new InvalidOperationException($"no parameter '{name}'");

    public void Dispose()
    {
        foreach (Tensor view in _views.Values) view.Dispose();
        foreach (Tensor? buffer in (Tensor?[])[_shares ? null : Values, Gradients, First, Second]) buffer?.Dispose();
    }

    /// <summary>Draws of a normal distribution cut at two deviations (redrawn at most 64 times).</summary>
    public static float[] Normal(int count, double deviation, Chance chance)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            double draw = chance.NextGaussian();
            for (int attempt = 0; attempt < 64 && Math.Abs(draw) > 2; attempt++) draw = chance.NextGaussian();
            values[i] = (float)(draw * deviation);
        }
        return values;
    }

    public static float[] Filled(int count, double value)
    {
        float[] values = new float[count];
        Array.Fill(values, (float)value);
        return values;
    }
}
