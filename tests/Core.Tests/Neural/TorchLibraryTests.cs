using Hone.Neural;

namespace Hone.Core.Tests.Neural;

public sealed class TorchLibraryTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("hone-torch-");

    [Theory]
    [InlineData("version.py", "from typing import Optional\n__version__ = '2.11.0+cu130'\ndebug = False\n", "2.11.0+cu130")]
    [InlineData("build-version", "2.10.0+cpu\n", "2.10.0+cpu")]
    [InlineData("version.py", "debug = False\n", "of 3 bytes")]
    [InlineData("README", "2.10", "of 3 bytes")]
    public void TheVersionIsTheOneThatLiesBesideTheLibrary(string file, string text, string expected)
    {
        string library = Path.Combine(_root.CreateSubdirectory("lib").FullName, "libtorch_cpu.so");
        File.WriteAllText(library, "elf");
        File.WriteAllText(Path.Combine(_root.FullName, file), text);
        Assert.Equal(expected, TorchLibrary.VersionOf(library));
    }

    [Fact]
    public void ThisProcessKnowsItsOwn() => Assert.Matches(@"\d", TorchLibrary.Version);

    public void Dispose() => _root.Delete(recursive: true);
}
