using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Studies.Images;

/// <summary>Published weights from a .safetensors file; which net they are of is <see cref="VitCheckpoint"/>'s question.</summary>
internal static class PublishedWeights
{
    /// <summary>All tensors by name: F32, F16 and BF16 as floats. Integers (counters, indices) come without their numbers, so that a net that would need them refuses them.</summary>
    /// <exception cref="HoneException">The file cannot be read, or is no valid safetensors file.</exception>
    public static IReadOnlyDictionary<string, CheckpointArray> Read(string path) => SafeTensorsReader.ReadFile(path).Tensors.ToDictionary(
        t => t.Key, t => new CheckpointArray(t.Value.Shape, t.Value.Type is TensorType.F32 or TensorType.F16 or TensorType.BF16 ? t.Value.ToFloats() : []), StringComparer.Ordinal);
}
