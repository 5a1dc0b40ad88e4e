using Hone.Neural.Build;

namespace Hone.Core.Tests.Build;

public class WeakSymbolVersionTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void WeakeningChangesTheFlagsOfOneVersionOnly()
    {
        byte[] before = TinyElf.Demanding("GLIBCXX_3.4.3", Version, "GLIBCXX_3.4.30"), after = [.. before];
        Assert.True(WeakSymbolVersion.Weaken(after, Version));
        int[] changed = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
        Assert.Equal([0x100 + 16 + 16 + 4], changed);          // the low byte of vna_flags of the second Vernaux
        Assert.Equal((0, 2), (before[changed[0]], after[changed[0]]));
        Assert.True(WeakSymbolVersion.IsWeak(after, Version));
        Assert.False(WeakSymbolVersion.IsWeak(after, "GLIBCXX_3.4.3"));
        Assert.False(WeakSymbolVersion.IsWeak(after, "GLIBCXX_3.4.30"));
    }

    [Fact]
    public void WeakeningTwiceChangesNothingTheSecondTime()
    {
        byte[] elf = TinyElf.Demanding(Version);
        Assert.True(WeakSymbolVersion.Weaken(elf, Version));
        byte[] once = [.. elf];
        Assert.False(WeakSymbolVersion.Weaken(elf, Version));
        Assert.Equal(once, elf);
    }

    [Fact]
    public void AFileWithoutTheVersionIsLeftAsItIs()
    {
        byte[] elf = TinyElf.Demanding("GLIBCXX_3.4.3", "GLIBCXX_3.4.321"), before = [.. elf];
        Assert.False(WeakSymbolVersion.Weaken(elf, Version));
        Assert.Null(WeakSymbolVersion.IsWeak(elf, Version));
        Assert.Equal(before, elf);
    }

    [Theory]
    [InlineData(0, 0x4d)]   // no ELF magic
    [InlineData(4, 1)]      // 32 bits
    [InlineData(5, 2)]      // big endian
    public void AFileThatIsNoElf64LittleEndianIsLeftAsItIs(int at, byte value)
    {
        byte[] file = TinyElf.Demanding(Version);
        file[at] = value;
        byte[] before = [.. file];
        Assert.False(WeakSymbolVersion.Weaken(file, Version));
        Assert.Equal(before, file);
        Assert.False(WeakSymbolVersion.Weaken([], Version));
    }

    [Fact]
    public void AChainThatRunsInCirclesOrOutsideIsAnError()
    {
        byte[] circle = TinyElf.Demanding("GLIBCXX_3.4.3", Version);
        BitConverter.TryWriteBytes(circle.AsSpan(0x100 + 16 + 16 + 12), -16);
        Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Weaken(circle, Version));
        byte[] cut = TinyElf.Demanding(Version)[..0xC40];
        Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Weaken(cut, Version));
    }

    [Fact]
    public void ALibraryDefinesWhatItsVersionTableNames()
    {
        byte[] offered = TinyElf.Offering("libstdc++.so.6", "GLIBCXX_3.4.3", Version);
        Assert.True(WeakSymbolVersion.Defines(offered, Version));
        Assert.True(WeakSymbolVersion.Defines(offered, "GLIBCXX_3.4.3"));
        Assert.False(WeakSymbolVersion.Defines(offered, "GLIBCXX_3.4.30"));
        Assert.False(WeakSymbolVersion.Defines(TinyElf.Demanding(Version), Version));
    }
}
