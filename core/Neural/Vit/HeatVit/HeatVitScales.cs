using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Binary places of every 8-bit activation, by its name. While ranges are being set, a name that is asked for the first time is set from the numbers that it is asked for.</summary>
internal sealed class HeatVitScales
{
    private const double Beyond = 0.001;                       // of the numbers may lie outside: the range is the 99.9th percentile [sheet]
    private const int Least = -8, Most = 15;                   // exponents of ranges that are told apart
    private readonly SortedDictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>Whether names that are not known yet are set.</summary>
    public bool Sets { get; init; }

    /// <exception cref="HoneException">Never set.</exception>
    public int this[string name] => _places.TryGetValue(name, out int places) ? places : throw new HoneException($"the net has no range of '{name}': quantise it first");

    /// <summary>Places of an activation, from these numbers where its range is to be set now.</summary>
    public int Of(string name, Tensor x)
    {
        if (!Sets || _places.ContainsKey(name)) return this[name];
        return _places[name] = Places(Placed.Here<float>(x.contiguous()));
    }

    /// <summary>Places of codes whose range is the 99.9th percentile of magnitudes, rounded up to a power of two: a range of 2^r has codes of 2^(r - 7).</summary>
    public static int Places(ReadOnlySpan<float> x)
    {
        int[] counts = new int[Most - Least + 1];              // by the power of two that a magnitude is rounded up to
        foreach (float v in x)
        {
            int r = v == 0 ? Least : Math.ILogB(v);
            if (v != 0 && Math.Abs(v) > Math.ScaleB(1.0, r)) r++;
            counts[Math.Clamp(r, Least, Most) - Least]++;
        }
        int exponent = Most;
        for (long beyond = 0; exponent > Least && (beyond += counts[exponent - Least]) <= Beyond * x.Length; exponent--) { }
        return 7 - exponent;
    }

    /// <summary>Places of a matrix's codes: the most with which its largest magnitude is at most 127.</summary>
    public static int OfWeights(ReadOnlySpan<float> w)
    {
        float largest = 0;
        foreach (float v in w) largest = Math.Max(largest, Math.Abs(v));
        if (largest == 0) return Most;
        int places = 6 - Math.ILogB(largest);                  // the largest one lies in 64..128
        return Math.Min(Most, Math.ScaleB((double)largest, places) > sbyte.MaxValue ? places - 1 : places);
    }

    public void Save(ArrayFile file)
    {
        file.Add("ranges", string.Join('\n', _places.Keys));
        file.Add("places", [.. _places.Values]);
    }

    public void Load(ArrayFile file)
    {
        string[] names = file.Get<string>("ranges").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int[] places = file.Get<int[]>("places");
        _places.Clear();
        for (int i = 0; i < names.Length; i++) _places.Add(names[i], places[i]);
    }
}
