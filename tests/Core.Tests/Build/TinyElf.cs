using System.Buffers.Binary;
using System.Text;

namespace Hone.Core.Tests.Build;

/// <summary>A small ELF64 file with one version section: what a library demands (SHT_GNU_verneed) or offers (SHT_GNU_verdef).</summary>
internal static class TinyElf
{
    private const int Header = 64, Section = 64, Table = 0x100, Strings = 0x800, Headers = 0xC00, Size = 0x1000;

    /// <summary>One Verneed entry ("libstdc++.so.6") with one Vernaux per version.</summary>
    public static byte[] Demanding(params string[] versions)
    {
        byte[] elf = Empty(0x6ffffffe);
        int name = Text(elf, 1, "libstdc++.so.6");
        U16(elf, Table, 1);
        U16(elf, Table + 2, versions.Length);
        U32(elf, Table + 4, 1);
        U32(elf, Table + 8, 16);
        for (int i = 0; i < versions.Length; i++)
        {
            int at = Table + 16 + i * 16;
            U16(elf, at + 6, i + 2);
            U32(elf, at + 8, name);
            U32(elf, at + 12, i == versions.Length - 1 ? 0 : 16);
            name = Text(elf, name, versions[i]);
        }
        return elf;
    }

    /// <summary>One Verdef entry with one Verdaux per version.</summary>
    public static byte[] Offering(params string[] versions)
    {
        byte[] elf = Empty(0x6ffffffd);
        int name = 1;
        for (int i = 0; i < versions.Length; i++)
        {
            int at = Table + i * 28;
            U16(elf, at, 1);
            U16(elf, at + 4, i + 1);
            U16(elf, at + 6, 1);
            U32(elf, at + 12, 20);
            U32(elf, at + 16, i == versions.Length - 1 ? 0 : 28);
            U32(elf, at + 20, name);
            name = Text(elf, name, versions[i]);
        }
        return elf;
    }

    /// <summary>Section 0 is empty, 1 the string table, 2 the versions, linked to 1.</summary>
    private static byte[] Empty(uint type)
    {
        byte[] elf = new byte[Size];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(elf, 0);
        U64(elf, 40, Headers);
        U16(elf, 52, Header);
        U16(elf, 58, Section);
        U16(elf, 60, 3);
        U32(elf, Headers + Section + 4, 3);
        U64(elf, Headers + Section + 24, Strings);
        BinaryPrimitives.WriteUInt32LittleEndian(elf.AsSpan(Headers + 2 * Section + 4), type);
        U64(elf, Headers + 2 * Section + 24, Table);
        U32(elf, Headers + 2 * Section + 40, 1);
        return elf;
    }

    private static int Text(byte[] elf, int at, string text) => at + Encoding.ASCII.GetBytes(text, elf.AsSpan(Strings + at)) + 1;

    private static void U16(byte[] elf, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(at), (ushort)value);

    private static void U32(byte[] elf, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(elf.AsSpan(at), value);

    private static void U64(byte[] elf, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(elf.AsSpan(at), value);
}
