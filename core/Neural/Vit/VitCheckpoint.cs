using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>A named array of a published checkpoint.</summary>
/// <param name="Values">Row by row.</param>
public sealed record CheckpointArray(long[] Shape, float[] Values);

/// <summary>
/// Published weights (timm's, DeiT's, LV-ViT's, PiT's and Swin's own files) as those of a net. Everything must be there in the expected shape, and nothing else; <see cref="VitCheckpointNames"/> says
/// which names those are.
/// </summary>
public static class VitCheckpoint
{
    /// <summary>The weights in the form of <see cref="DenseTraining.Run"/>'s.</summary>
    /// <exception cref="HoneException">The checkpoint is of another net; all that is missing, misshapen or unknown is named.</exception>
    public static byte[] Weights(VitShape shape, IReadOnlyDictionary<string, CheckpointArray> tensors)
    {
        using VitNet net = Net(shape, tensors);
        return DenseTraining.Write(net, new LossCurve(1));
    }

    /// <summary>The net as plain arrays.</summary>
    /// <exception cref="HoneException">As for <see cref="Weights"/>.</exception>
    public static VisionNet Export(VitShape shape, IReadOnlyDictionary<string, CheckpointArray> tensors)
    {
        using VitNet net = Net(shape, tensors);
        return net.Export();
    }

    /// <summary>SHA-256 of names and numbers.</summary>
    public static string Fingerprint(IReadOnlyDictionary<string, CheckpointArray> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, array) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {Text(array.Shape)}\n"));
            hash.AppendData(MemoryMarshal.AsBytes(array.Values.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static VitNet Net(VitShape shape, IReadOnlyDictionary<string, CheckpointArray> tensors)
    {
        shape.Check();
        var net = new VitNet(shape, 0);
        try { Load(net, tensors); }
        catch (HoneException)
        {
            net.Dispose();
            throw;
        }
        return net;
    }

    /// <summary>Puts the weights into a net.</summary>
    /// <exception cref="HoneException">As for <see cref="Weights"/>; the net is as it was.</exception>
    internal static void Load(VitNet net, IReadOnlyDictionary<string, CheckpointArray> tensors)
    {
        IReadOnlyList<CheckpointSource> sources = VitCheckpointNames.Of(net.Shape, tensors.ContainsKey);
        Fits(net.Shape, sources, tensors);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (CheckpointSource source in sources)
        {
            Tensor parameter = net.Arena[source.Parameter];
            parameter.copy_(tensor(source.Make([.. source.Parts.Select(p => tensors.TryGetValue(p.Name, out CheckpointArray? array) ? array.Values : new float[Count(p.Shape)])])).view(parameter.shape));
        }
    }

    private static void Fits(VitShape shape, IReadOnlyList<CheckpointSource> sources, IReadOnlyDictionary<string, CheckpointArray> tensors)
    {
        CheckpointPart[] parts = [.. sources.SelectMany(s => s.Parts).DistinctBy(p => p.Name)];
        HashSet<string> known = [.. parts.Select(p => p.Name)];
        List<string> faults = [];
        Add("missing", parts.Where(p => !p.Optional && !tensors.ContainsKey(p.Name)).Select(p => $"{p.Name} {Text(p.Shape)}"));
        Add("of another shape", parts.Where(p => tensors.TryGetValue(p.Name, out CheckpointArray? a) && (!a.Shape.SequenceEqual(p.Shape) || a.Values.Length != Count(p.Shape)))
            .Select(p => $"{p.Name} (expected {Text(p.Shape)}, got {Text(tensors[p.Name].Shape)}{(Count(tensors[p.Name].Shape) == tensors[p.Name].Values.Length ? "" : $" of {tensors[p.Name].Values.Length} numbers")})"));
        Add("unknown", tensors.Keys.Where(n => !known.Contains(n) && !VitCheckpointNames.IsDropped(shape.Form.Family, n) && !VitCheckpointNames.IsDistilled(n)).Order(StringComparer.Ordinal));
        Add("of a distilled net, which answers by two tokens and is not built here; take the same net without distillation", tensors.Keys.Where(VitCheckpointNames.IsDistilled).Order(StringComparer.Ordinal));
        if (faults.Count > 0) throw new HoneException($"the checkpoint is not one of this {shape.Form.Family} shape: {string.Join("; ", faults)}");

        void Add(string what, IEnumerable<string> names)
        {
            string[] all = [.. names];
            if (all.Length > 0) faults.Add($"{what}: {string.Join(", ", all)}");
        }
    }

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static long Count(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);
}
