using System.Diagnostics;
using System.Runtime.InteropServices;
using Hone.Neural.Build;
using TorchSharp;

namespace Hone.Core.Tests.Build;

public class TorchSharpLoadsTests
{
    private const string Version = "GLIBCXX_3.4.32", Library = "libLibTorchSharp.so";

    [Fact]
    public void ATensorCanBeCreatedAndSummed()
    {
        using torch.Tensor two = torch.ones(2).sum();
        Assert.Equal(2f, two.item<float>());
    }

    [Fact]
    public void TheBuiltCopyHoldsTheVersionWeakUnlessTheMachineOffersIt()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "the version is libstdc++'s");
        byte[] built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "runtimes/linux-x64/native", Library));
        string loaded = File.ReadLines("/proc/self/maps").First(l => l.Contains("/libstdc++.so.6")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Equal(!WeakSymbolVersion.Defines(File.ReadAllBytes(loaded), Version), WeakSymbolVersion.IsWeak(built, Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheBuildWeakensTheVersionOnlyWhereTheMachineLacksIt(bool offered)
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "the build does nothing elsewhere");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hone-weak-");
        try
        {
            string libstdcpp = Path.Combine(folder.FullName, "libstdc++.so.6"), input = Path.Combine(folder.FullName, "input.so");
            File.WriteAllBytes(libstdcpp, offered ? TinyElf.Offering(Version) : TinyElf.Offering("GLIBCXX_3.4.30"));
            byte[] demanding = TinyElf.Demanding("GLIBCXX_3.4.3", Version);
            File.WriteAllBytes(input, demanding);
            string copy = Path.Combine(folder.FullName, "0/copy.so");
            Build(folder.FullName, $"-p:_WeakPackageFile={input}", $"-p:_WeakCopy={copy}", $"-p:_WeakFolder={folder.FullName}/", $"-p:HoneLibStdCpp={libstdcpp}");
            byte[] result = File.ReadAllBytes(copy);
            Assert.Equal(!offered, WeakSymbolVersion.IsWeak(result, Version));
            Assert.Equal(demanding, File.ReadAllBytes(input));
            if (offered) Assert.Equal(demanding, result);
        }
        finally { folder.Delete(recursive: true); }
    }

    /// <summary>Runs the copying target alone, in a project that holds nothing but the repository's own targets file.</summary>
    private static void Build(string folder, params string[] properties)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Directory.Build.targets"))) root = root.Parent;
        Assert.SkipWhen(root is null, "the sources are not beside the tests");
        string project = Path.Combine(folder, "copy.proj");
        File.WriteAllText(project, $"<Project><Import Project=\"{root.FullName}/Directory.Build.targets\" /></Project>");
        File.WriteAllText(Path.Combine(folder, "libstdc++.txt"), "");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])["msbuild", project, "-nologo", "-v:q", "-nodeReuse:false", "-t:CopyWeakLibTorchSharp", .. properties])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}
