using System;
using System.IO;
using System.Text;

namespace Hone.Neural.Build;

/// <summary>
/// Marks one symbol version that an ELF64 library demands as weak, so that the loader accepts a system library without it.
/// TorchSharp's libLibTorchSharp.so demands GLIBCXX_3.4.32 only for <c>std::ios_base_library_init()</c>, a symbol that no relocation uses.
/// Layout: System V ABI (ELF64) and the LSB's "Symbol Versioning". The build compiles this very file as its task, hence plain arrays.
/// </summary>
public static class WeakSymbolVersion
{
    private const int SectionNeeds = 0x6ffffffe, SectionDefinitions = 0x6ffffffd;   // SHT_GNU_verneed, SHT_GNU_verdef
    private const int WeakFlag = 2;                                                 // VER_FLG_WEAK
    private const int MaxEntries = 65535;                                           // version indices have 16 bits: more is a loop

    /// <summary>Sets the weak flag on every demand for <paramref name="version"/>; false when there was nothing to change.</summary>
    /// <param name="elf">The file's bytes; changed in place, two bytes per demand.</param>
    /// <exception cref="InvalidDataException">An ELF64 file whose tables point outside of it or run in circles.</exception>
    public static bool Weaken(byte[] elf, string version)
    {
        bool changed = false;
        VisitNeeds(elf, version, flags =>
        {
            if ((U16(elf, flags) & WeakFlag) != 0) return;
            elf[flags] |= WeakFlag;
            changed = true;
        });
        return changed;
    }

    /// <summary>Whether every demand for <paramref name="version"/> is weak; null when the file demands no such version.</summary>
    /// <exception cref="InvalidDataException">An ELF64 file whose tables point outside of it or run in circles.</exception>
    public static bool? IsWeak(byte[] elf, string version)
    {
        bool? weak = null;
        VisitNeeds(elf, version, flags => weak = weak != false && (U16(elf, flags) & WeakFlag) != 0);
        return weak;
    }

    /// <summary>Whether a library defines (offers) <paramref name="version"/>.</summary>
    /// <exception cref="InvalidDataException">An ELF64 file whose tables point outside of it or run in circles.</exception>
    public static bool Defines(byte[] elf, string version)
    {
        bool found = false;
        VisitSections(elf, SectionDefinitions, (section, names) =>
            VisitChain(elf, section, definition =>                       // Verdef: version, flags, ndx, cnt (u16), hash, aux, next (u32)
            {
                long auxiliary = definition + U32(elf, definition + 12); // its first Verdaux holds the name: name, next (u32)
                found |= TextIs(elf, names + U32(elf, auxiliary), version);
                return U32(elf, definition + 16);
            }));
        return found;
    }

    /// <summary>Calls with the file offset of vna_flags of every demand for the version.</summary>
    private static void VisitNeeds(byte[] elf, string version, Action<long> visitFlags) =>
        VisitSections(elf, SectionNeeds, (section, names) =>
            VisitChain(elf, section, need =>                             // Verneed: version, cnt (u16), file, aux, next (u32)
            {
                VisitChain(elf, need + U32(elf, need + 8), demand =>     // Vernaux: hash (u32), flags, other (u16), name, next (u32)
                {
                    if (TextIs(elf, names + U32(elf, demand + 8), version)) visitFlags(demand + 4);
                    return U32(elf, demand + 12);
                });
                return U32(elf, need + 12);
            }));

    /// <summary>Calls with the file offsets of each section of a type and of the string table that it is linked to.</summary>
    private static void VisitSections(byte[] elf, int type, Action<long, long> visit)
    {
        if (!IsElf64LittleEndian(elf)) return;
        long headers = (long)U64(elf, 40);                               // e_shoff
        int size = U16(elf, 58), count = U16(elf, 60);                   // e_shentsize, e_shnum
        for (int i = 0; i < count; i++)
        {
            long header = headers + (long)i * size;
            if (U32(elf, header + 4) != type) continue;                  // sh_type
            long link = headers + (long)U32(elf, header + 40) * size;    // sh_link: the string table's section
            visit((long)U64(elf, header + 24), (long)U64(elf, link + 24)); // sh_offset
        }
    }

    /// <summary>Follows entries by the distance to the next that each visit returns, until it is 0.</summary>
    private static void VisitChain(byte[] elf, long first, Func<long, long> visit)
    {
        long at = first;
        for (int i = 0; i < MaxEntries; i++)
        {
            long next = visit(at);
            if (next == 0) return;
            at += next;
        }
        throw new InvalidDataException($"expected at most {MaxEntries} version entries in the ELF file of {elf.Length} bytes, got a longer chain");
    }

    private static bool IsElf64LittleEndian(byte[] elf) =>               // e_ident: magic, EI_CLASS = 2 (64 bits), EI_DATA = 1 (little endian)
        elf.Length >= 64 && elf[0] == 0x7f && elf[1] == 'E' && elf[2] == 'L' && elf[3] == 'F' && elf[4] == 2 && elf[5] == 1;

    private static bool TextIs(byte[] elf, long at, string text)
    {
        byte[] expected = Encoding.ASCII.GetBytes(text + "\0");
        long start = Within(elf, at, 1);
        if (start + expected.Length > elf.Length) return false;
        for (int i = 0; i < expected.Length; i++)
            if (elf[start + i] != expected[i]) return false;
        return true;
    }

    private static int U16(byte[] elf, long at) => BitConverter.ToUInt16(elf, Within(elf, at, 2));

    private static long U32(byte[] elf, long at) => BitConverter.ToUInt32(elf, Within(elf, at, 4));

    private static ulong U64(byte[] elf, long at) => BitConverter.ToUInt64(elf, Within(elf, at, 8));

    private static int Within(byte[] elf, long at, int size) => at >= 0 && at <= elf.Length - size ? (int)at
        : throw new InvalidDataException($"expected {size} bytes at offset {at}, but the ELF file has {elf.Length} bytes");
}

#if !NET // compiled by the build itself (Directory.Build.targets), where no target framework is defined
/// <summary>Copies a library and weakens one version in the copy, unless the machine's own library offers that version.</summary>
public class WeakenSymbolVersion : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required] public string Source { get; set; }

    [Microsoft.Build.Framework.Required] public string Target { get; set; }

    [Microsoft.Build.Framework.Required] public string Version { get; set; }

    /// <summary>The machine's library that may offer the version; a path without a file offers nothing.</summary>
    public string Offered { get; set; }

    public override bool Execute()
    {
        try
        {
            byte[] library = File.ReadAllBytes(Source);
            bool offered = File.Exists(Offered) && WeakSymbolVersion.Defines(File.ReadAllBytes(Offered), Version);
            bool changed = !offered && WeakSymbolVersion.Weaken(library, Version);
            Directory.CreateDirectory(Path.GetDirectoryName(Target));
            File.Delete(Target); // it may be a hard link: never write through it
            File.WriteAllBytes(Target, library);
            Log.LogMessage(Microsoft.Build.Framework.MessageImportance.Normal,
                $"{Path.GetFileName(Source)}: {(changed ? $"{Version} made weak" : "left as it is")}");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Log.LogError($"{Source}: {error.Message}");
            return false;
        }
    }
}
#endif
