using System.Runtime.InteropServices;
using Hone.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Elastic;

/// <summary>Where tensors live (the processor or a GPU), and their way there and back.</summary>
internal static class Placed
{
    /// <summary>The device of a configuration: "cpu", "cuda" or "cuda:1".</summary>
    /// <exception cref="HoneException">This build of torch, or this machine, has no such device.</exception>
    public static Device Find(string name)
    {
        if (name == "cpu") return CPU;
        if (name.StartsWith("cuda", StringComparison.Ordinal) && cuda.is_available()) return torch.device(name);
        throw new HoneException($"training.device: expected cpu, or cuda on a machine with a GPU and a build with -p:Torch=cuda; got '{name}', and torch sees {(cuda.is_available() ? "only CUDA devices beside the processor" : "no GPU")} here");
    }

    /// <summary>Values as a float32 tensor of this shape on the device.</summary>
    public static Tensor On(Device device, float[] values, params long[] shape)
    {
        Tensor here = tensor(values).view(shape);
        return device.type == DeviceType.CPU ? here : here.to(device);
    }

    /// <summary>A number as a float32 tensor of shape () on the device; nothing is waited for.</summary>
    public static Tensor On(Device device, float number) => empty([], ScalarType.Float32, device).FillInPlace(number);

    /// <summary>The values of a float32 tensor, wherever it lives, in row-major order.</summary>
    public static float[] Numbers(this Tensor t) => t.cpu().contiguous().data<float>().ToArray();

    /// <summary>The numbers of a contiguous tensor on the processor, where they lie.</summary>
    public static Span<T> Here<T>(Tensor t) where T : unmanaged => t.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, T>(t.bytes);
}
