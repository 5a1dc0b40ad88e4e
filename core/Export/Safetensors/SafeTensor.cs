using System.Runtime.InteropServices;

namespace Hone.Export;

/// <summary>The element types of safetensors that Hone writes and reads, by the format's own names.</summary>
public enum TensorType { F32, F16, BF16, I8, U8, I32, I64 }

/// <summary>A named array in row-major order and little-endian bytes.</summary>
/// <param name="Shape">Lengths per axis; empty for a single number.</param>
/// <param name="Data">Product of <paramref name="Shape"/> elements of <paramref name="Type"/>.</param>
public sealed record SafeTensor(string Name, TensorType Type, long[] Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Bytes per element.</summary>
    public static int SizeOf(TensorType type) => type switch
    {
        TensorType.I64 => 8,
        TensorType.F32 or TensorType.I32 => 4,
        TensorType.F16 or TensorType.BF16 => 2,
        _ => 1,
    };

    public static SafeTensor Of(string name, float[] values, params long[] shape) => From<float>(name, TensorType.F32, values, shape);

    public static SafeTensor Of(string name, Half[] values, params long[] shape) => From<Half>(name, TensorType.F16, values, shape);

    public static SafeTensor Of(string name, sbyte[] values, params long[] shape) => From<sbyte>(name, TensorType.I8, values, shape);

    public static SafeTensor Of(string name, byte[] values, params long[] shape) => From<byte>(name, TensorType.U8, values, shape);

    public static SafeTensor Of(string name, int[] values, params long[] shape) => From<int>(name, TensorType.I32, values, shape);

    public static SafeTensor Of(string name, long[] values, params long[] shape) => From<long>(name, TensorType.I64, values, shape);

    /// <summary>The elements as floats; F32, F16 and BF16 only.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds integers.</exception>
    public float[] ToFloats() => Type switch
    {
        TensorType.F32 => Cast<float>().ToArray(),
        TensorType.F16 => Array.ConvertAll(Cast<Half>().ToArray(), half => (float)half),
        TensorType.BF16 => Array.ConvertAll(Cast<ushort>().ToArray(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        _ => throw new InvalidOperationException($"tensor '{Name}' holds {Type}, expected F32, F16 or BF16"),
    };

    /// <summary>The elements as they lie, when <typeparamref name="T"/> has the size of an element.</summary>
    public ReadOnlySpan<T> Cast<T>() where T : unmanaged
    {
        if (Marshal.SizeOf<T>() != SizeOf(Type)) throw new InvalidOperationException($"tensor '{Name}' holds {Type}, not {typeof(T).Name}");
        return MemoryMarshal.Cast<byte, T>(Data.Span);
    }

    /// <summary>The number of elements that a shape holds.</summary>
    /// <exception cref="OverflowException">More than 2^63 - 1.</exception>
    public static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long length in shape) count = checked(count * length);
        return count;
    }

    private static SafeTensor From<T>(string name, TensorType type, T[] values, long[] shape) where T : unmanaged
    {
        if (shape.Length == 0 && values.Length != 1) shape = [values.Length];
        if (CountOf(shape) != values.Length)
            throw new ArgumentException($"tensor '{name}': expected {CountOf(shape)} values for shape [{string.Join(", ", shape)}], got {values.Length}");
        return new SafeTensor(name, type, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }
}
