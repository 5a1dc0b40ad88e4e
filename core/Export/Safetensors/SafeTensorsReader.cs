using System.Buffers.Binary;
using System.Text.Json;
using Hone.Model;

namespace Hone.Export;

/// <summary>A safetensors file read back: tensors by name, and the free text that came with them.</summary>
public sealed record SafeTensorsFile(IReadOnlyDictionary<string, SafeTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <exception cref="HoneException">The file has no such tensor.</exception>
    public SafeTensor this[string name] => Tensors.TryGetValue(name, out SafeTensor? tensor) ? tensor
        : throw new HoneException($"expected a tensor '{name}' in the safetensors file, which holds {string.Join(", ", Tensors.Keys.Take(8))}");
}

/// <summary>
/// Reads safetensors strictly: nothing is trusted before it is checked, the data must be covered exactly (no holes, no overlaps),
/// and no key may stand twice. Tensors are views into the given bytes.
/// </summary>
public static class SafeTensorsReader
{
    private const long MaxHeader = 100_000_000;   // the format's own limit
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <exception cref="HoneException">The file is damaged or not safetensors; the message says where.</exception>
    public static SafeTensorsFile Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8) throw Damaged($"expected at least 8 bytes, got {file.Length}");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (length > MaxHeader || length > (ulong)file.Length - 8) throw Damaged($"a header of {length} bytes does not fit into a file of {file.Length}");
        ReadOnlyMemory<byte> header = file.Slice(8, (int)length), data = file[(8 + (int)length)..];
        if (length == 0 || header.Span[0] != '{') throw Damaged("the header does not begin with '{'");

        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tensors = new SortedDictionary<string, SafeTensor>(StringComparer.Ordinal);
        var places = new List<(long Begin, long End, string Name)>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, Json);
            foreach (JsonProperty entry in document.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                    foreach (JsonProperty pair in entry.Value.EnumerateObject()) metadata.Add(pair.Name, pair.Value.GetString() ?? "");
                else
                {
                    (SafeTensor tensor, long begin) = Tensor(entry, data);
                    tensors.Add(entry.Name, tensor);
                    places.Add((begin, begin + tensor.Data.Length, entry.Name));
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Damaged(error.Message, error);
        }
        Cover(places, data.Length);
        return new SafeTensorsFile(tensors, metadata);
    }

    /// <exception cref="HoneException">The file cannot be read, is damaged or is not safetensors.</exception>
    public static SafeTensorsFile ReadFile(string path)
    {
        try { return Read(File.ReadAllBytes(path)); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new HoneException($"cannot read {path}: {error.Message}", error); }
    }

    private static (SafeTensor Tensor, long Begin) Tensor(JsonProperty entry, ReadOnlyMemory<byte> data)
    {
        string? name = null;
        long[]? shape = null, offsets = null;
        foreach (JsonProperty field in entry.Value.EnumerateObject())
            switch (field.Name)
            {
                case "dtype": name = field.Value.GetString(); break;
                case "shape": shape = Numbers(field.Value); break;
                case "data_offsets": offsets = Numbers(field.Value); break;
                default: throw new FormatException($"tensor '{entry.Name}' has an unknown field '{field.Name}'");
            }
        if (name is null || shape is null || offsets is not [long begin, long end])
            throw new FormatException($"tensor '{entry.Name}' needs dtype, shape and two data_offsets");
        if (!Enum.TryParse(name, out TensorType type) || type.ToString() != name)
            throw new FormatException($"tensor '{entry.Name}' has dtype '{name}', expected one of {string.Join(", ", Enum.GetNames<TensorType>())}");
        if (begin > end || end > data.Length) throw new FormatException($"tensor '{entry.Name}' lies at {begin}..{end} of {data.Length} data bytes");
        long bytes = checked(SafeTensor.CountOf(shape) * SafeTensor.SizeOf(type));
        if (bytes != end - begin) throw new FormatException($"tensor '{entry.Name}' has {end - begin} bytes, expected {bytes} for {name} [{string.Join(", ", shape)}]");
        return (new SafeTensor(entry.Name, type, shape, data.Slice((int)begin, (int)bytes)), begin);
    }

    private static long[] Numbers(JsonElement array)
    {
        long[] numbers = [.. array.EnumerateArray().Select(number => number.GetInt64())];
        return numbers.All(number => number >= 0) ? numbers : throw new FormatException("lengths and offsets cannot be negative");
    }

    private static void Cover(List<(long Begin, long End, string Name)> places, long size)
    {
        places.Sort();
        long at = 0;
        foreach ((long begin, long end, string name) in places)
        {
            if (begin != at) throw Damaged($"tensor '{name}' begins at {begin}, expected {at}: data may neither overlap nor leave holes");
            at = end;
        }
        if (at != size) throw Damaged($"{size - at} bytes after the last tensor belong to none");
    }

    private static HoneException Damaged(string what, Exception? inner = null) =>
        new($"not a valid safetensors file: {what.ReplaceLineEndings(" ")}; export it again", inner);
}
