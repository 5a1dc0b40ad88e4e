using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hone.Export;

/// <summary>
/// Writes the safetensors format: header length (u64), JSON header padded with spaces to 8 bytes, data without holes.
/// The same tensors always give the same bytes: header keys are sorted by name, data by element size (largest first) and then by name,
/// so that every tensor starts at a multiple of its element size, as the reference implementation does.
/// </summary>
public static class SafeTensorsWriter
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ArgumentException">A name stands twice, is empty or reserved, or data and shape disagree.</exception>
    public static byte[] Write(IEnumerable<SafeTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        SafeTensor[] byName = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        Check(byName);
        SafeTensor[] byPlace = [.. byName.OrderByDescending(tensor => SafeTensor.SizeOf(tensor.Type))];   // a stable sort: names stay in order
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        long size = 0;
        foreach (SafeTensor tensor in byPlace)
        {
            offsets.Add(tensor.Name, size);
            size += tensor.Data.Length;
        }

        byte[] header = Header(byName, offsets, metadata);
        byte[] file = new byte[checked((int)(8 + header.Length + size))];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        foreach (SafeTensor tensor in byPlace) tensor.Data.CopyTo(file.AsMemory((int)(8 + header.Length + offsets[tensor.Name])));
        return file;
    }

    private static void Check(SafeTensor[] byName)
    {
        for (int i = 0; i < byName.Length; i++)
        {
            SafeTensor tensor = byName[i];
            if (tensor.Name is "" or "__metadata__") throw new ArgumentException($"a tensor cannot be named '{tensor.Name}'");
            if (i > 0 && byName[i - 1].Name == tensor.Name) throw new ArgumentException($"tensor '{tensor.Name}' stands twice");
            if (SafeTensor.CountOf(tensor.Shape) * SafeTensor.SizeOf(tensor.Type) != tensor.Data.Length)
                throw new ArgumentException($"tensor '{tensor.Name}': {tensor.Type} [{string.Join(", ", tensor.Shape)}] does not have {tensor.Data.Length} bytes");
        }
    }

    private static byte[] Header(SafeTensor[] byName, Dictionary<string, long> offsets, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Json))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }
            foreach (SafeTensor tensor in byName)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                json.WriteStartArray("shape");
                foreach (long length in tensor.Shape) json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offsets[tensor.Name]);
                json.WriteNumberValue(offsets[tensor.Name] + tensor.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (stream.Length % 8 != 0) stream.WriteByte((byte)' ');
        return stream.ToArray();
    }
}
