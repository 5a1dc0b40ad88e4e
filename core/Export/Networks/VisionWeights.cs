using Hone.Model;

namespace Hone.Export;

/// <summary>
/// A <see cref="VisionNet"/> as safetensors, complete. Tensors are F32 and named by their place: "stem0.weights", "block3.qkv.bias", "block3.selector.fc1.weights", "entry1.patches.weights";
/// blocks are counted through all stages. What is no array (heads, strides, thresholds, the layers' own names) is free text under such names.
/// </summary>
public static class VisionWeights
{
    internal const string Kind = "hone.vision", Chooser = "choice.";

    /// <exception cref="ArgumentException">The network contradicts itself (<see cref="VisionNetCheck"/>).</exception>
    public static byte[] Write(VisionNet net)
    {
        net.Check();
        return new VisionWeightsWriter().Write(net);
    }

    /// <summary>The network that was written, number by number.</summary>
    /// <exception cref="HoneException">Damaged, incomplete, or no such network; the message names the tensor or the entry.</exception>
    public static VisionNet Read(ReadOnlyMemory<byte> file)
    {
        SafeTensorsFile tensors = SafeTensorsReader.Read(file);
        if (tensors.Metadata.GetValueOrDefault("kind") is not Kind)
            throw new HoneException($"expected weights of the kind '{Kind}', got '{tensors.Metadata.GetValueOrDefault("kind")}'; export the network again");
        try
        {
            VisionNet net = new VisionWeightsReader(tensors).Read();
            net.Check();
            return net;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or OverflowException)
        {
            throw new HoneException($"the weights are no vision transformer: {error.Message}; export the network again", error);
        }
    }
}
