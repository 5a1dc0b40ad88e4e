using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hone.Model;

namespace Hone.Neural.Elastic;

/// <summary>
/// Named texts and number arrays in one file, little endian: "HONEARR1", the count of entries, then per entry name, kind (0 text, 1 float32,
/// 2 int32), length and bytes; the SHA-256 of all that stands at the end. The same content always gives the same bytes.
/// </summary>
internal sealed class ArrayFile
{
    private static readonly byte[] Magic = "HONEARR1"u8.ToArray();
    private readonly SortedDictionary<string, object> _entries = new(StringComparer.Ordinal);

    public bool Has(string name) => _entries.ContainsKey(name);

    public void Add(string name, string text) => _entries.Add(name, text);

    public void Add(string name, float[] values) => _entries.Add(name, values);

    public void Add(string name, int[] values) => _entries.Add(name, values);

    /// <exception cref="HoneException">No such entry, or one of another kind.</exception>
    public T Get<T>(string name) => _entries.TryGetValue(name, out object? value) && value is T typed ? typed
        : throw new HoneException($"the file has no {typeof(T).Name} named '{name}': it was written by another version or is not what it was taken for");

    public byte[] ToBytes()
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(_entries.Count);
            foreach (var (name, value) in _entries)
            {
                writer.Write(name);
                ReadOnlySpan<byte> bytes = value switch
                {
                    string text => Encoding.UTF8.GetBytes(text),
                    float[] floats => MemoryMarshal.AsBytes<float>(floats),
                    _ => MemoryMarshal.AsBytes<int>((int[])value),
                };
                writer.Write((byte)(value switch { string => 0, float[] => 1, _ => 2 }));
                writer.Write(bytes.Length);
                writer.Write(bytes);
            }
        }
        byte[] hash = SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        memory.Write(hash);
        return memory.ToArray();
    }

    /// <exception cref="HoneException">Not such a file, cut short or damaged.</exception>
    public static ArrayFile Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + 36 || !bytes.StartsWith(Magic))
            throw new HoneException("expected a file that begins with HONEARR1: this is not a checkpoint or weights file of Hone");
        ReadOnlySpan<byte> body = bytes[..^32];
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes[^32..]))
            throw new HoneException("the file's SHA-256 does not match its content: it is damaged or cut short; take an earlier one or train anew");
        var file = new ArrayFile();
        using var reader = new BinaryReader(new MemoryStream(body.ToArray()), Encoding.UTF8);
        reader.BaseStream.Position = Magic.Length;
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            byte kind = reader.ReadByte();
            byte[] data = reader.ReadBytes(reader.ReadInt32());
            file._entries.Add(name, kind switch
            {
                0 => Encoding.UTF8.GetString(data),
                1 => MemoryMarshal.Cast<byte, float>(data).ToArray(),
                _ => MemoryMarshal.Cast<byte, int>(data).ToArray(),
            });
        }
        return file;
    }
}
