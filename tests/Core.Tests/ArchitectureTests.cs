using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hone.Core.Tests;

/// <summary>The rules of the house, read from the project files and sources themselves.</summary>
public class ArchitectureTests
{
    internal static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
    private static readonly Dictionary<string, Project> Projects = Directory
        .EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Root, path).Split('/', '\\').Any(part => part is "bin" or "obj"))
        .Select(path => new Project(path)).ToDictionary(p => p.Name);

    private static IEnumerable<Project> Core => Projects.Values.Where(p => p.Folder.StartsWith("core/", StringComparison.Ordinal));

    [Fact]
    public void EveryProjectOfTheDesignExistsAndStandsInTheSolution()
    {
        string solution = File.ReadAllText(Path.Combine(Root, "Cluster.sln"));
        foreach (Project project in Projects.Values) Assert.Contains(Path.GetFileName(project.Path), solution);
        string[] expected = ["Hone.Model", "Hone.Data", "Hone.Search", "Hone.Devices", "Hone.Quantum", "Hone.Neural", "Hone.Export", "Hone.Studies", "Hone.Contracts", "Hone.Grains", "hone-silo", "hone"];
        Assert.Empty(expected.Except(Projects.Keys));
    }

    [Fact]
    public void CoreKnowsNoOrleansHostingInjectionLoggingOrConfiguration()
    {
        foreach (Project project in Core)
            Assert.DoesNotContain(project.Packages, p => p.StartsWith("Microsoft.Orleans", StringComparison.Ordinal) || p.StartsWith("Microsoft.Extensions", StringComparison.Ordinal));
        Assert.All(Core, p => Assert.Equal("Microsoft.NET.Sdk", p.Sdk));
    }

    [Fact]
    public void SiblingsInCoreNeverReferenceEachOtherExceptInStudies()
    {
        foreach (Project project in Core.Where(p => p.Name is not ("Hone.Studies" or "Hone.Model")))
            Assert.Equal(["Hone.Model"], project.References);
        Assert.Empty(Projects["Hone.Model"].References);
        Assert.Empty(Projects["Hone.Model"].Packages);
    }

    [Fact]
    public void OnlyNeuralReferencesTorchOutsideTheTests() => Assert.Equal(["Hone.Neural"],
        Projects.Values.Where(p => !p.IsTest && p.Packages.Any(IsTorch)).Select(p => p.Name));

    [Fact]
    public void TheClientAndADeviceNodeNeverReachTorch()
    {
        foreach (string name in new[] { "hone", "hone-node" }.Where(Projects.ContainsKey))
            Assert.DoesNotContain("Hone.Neural", Reachable(name));
    }

    [Fact]
    public void NoTensorStandsInAPublicSignatureOutsideNeural()
    {
        foreach (Project project in Projects.Values.Where(p => !p.IsTest && p.Name != "Hone.Neural"))
            Assert.DoesNotContain(project.Sources(), file => Regex.IsMatch(File.ReadAllText(file), @"using TorchSharp|torch\.Tensor"));
    }

    [Fact]
    public void UnsafeCodeStandsInDevicesOnly() => Assert.Equal(["Hone.Devices"],
        Projects.Values.Where(p => p.Text.Contains("AllowUnsafeBlocks", StringComparison.Ordinal)).Select(p => p.Name));

    [Fact]
    public void NoSourceFileIsLongerThanFourHundredLines() => Assert.Empty(
        Projects.Values.SelectMany(p => p.Sources()).Where(file => File.ReadLines(file).Count() > 400).Select(file => Path.GetRelativePath(Root, file)));

    [Fact]
    public void NoFolderIsNamedForWhatItHoldsNothingOf()
    {
        string[] refused = ["Utils", "Common", "Helpers", "Shared", "Managers"];
        Assert.Empty(Projects.Values.SelectMany(p => p.Sources()).Select(f => Path.GetDirectoryName(f)!.Split(Path.DirectorySeparatorChar)[^1]).Intersect(refused));
    }

    [Fact]
    public void EveryRoomOfCoreHasAReadme() => Assert.All(Core, p => Assert.True(
        Directory.EnumerateFiles(Path.GetDirectoryName(p.Path)!, "README.md", SearchOption.AllDirectories).Any(f => !f.Contains("/bin/", StringComparison.Ordinal)), $"{p.Folder} has no README.md"));

    [Fact]
    public void WarningsAreErrorsAndReferencesAreNotTransitive()
    {
        string properties = File.ReadAllText(Path.Combine(Root, "Directory.Build.props"));
        foreach (string property in new[] { "TreatWarningsAsErrors", "DisableTransitiveProjectReferences" }) Assert.Contains($"<{property}>true<", properties);
        Assert.Contains("<Nullable>enable<", properties);
        Assert.DoesNotContain(Projects.Values, p => p.Text.Contains("TreatWarningsAsErrors", StringComparison.Ordinal) || Regex.IsMatch(p.Text, "<PackageReference[^>]*Version="));
    }

    private static bool IsTorch(string package) => package.Contains("torch", StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> Reachable(string name)
    {
        HashSet<string> reached = [];
        var open = new Stack<string>([name]);
        while (open.TryPop(out string? next))
            foreach (string reference in Projects[next].References)
                if (reached.Add(reference)) open.Push(reference);
        return reached;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private sealed class Project
    {
        private readonly XDocument _document;

        public Project(string path)
        {
            (Path, Text) = (path, File.ReadAllText(path));
            _document = XDocument.Parse(Text);
            Name = _document.Descendants("AssemblyName").Single().Value;
            Folder = System.IO.Path.GetRelativePath(Root, System.IO.Path.GetDirectoryName(path)!).Replace('\\', '/');
        }

        public string Path { get; }

        public string Text { get; }

        public string Name { get; }

        public string Folder { get; }

        public bool IsTest => Folder.StartsWith("tests", StringComparison.Ordinal);

        public string Sdk => _document.Root!.Attribute("Sdk")!.Value;

        public List<string> Packages => Includes("PackageReference").ToList();

        /// <summary>Projects whose assemblies it uses; a build order alone is no reference.</summary>
        public List<string> References => _document.Descendants("ProjectReference").Where(e => (string?)e.Attribute("ReferenceOutputAssembly") != "false")
            .Select(e => new Project(System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, e.Attribute("Include")!.Value))).Name).ToList();

        public IEnumerable<string> Sources() => Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(Path)!, "*.cs", SearchOption.AllDirectories)
            .Where(f => !System.IO.Path.GetRelativePath(Root, f).Split('/', '\\').Any(part => part is "bin" or "obj" or "artifacts"));

        private IEnumerable<string> Includes(string element) => _document.Descendants(element).Select(e => e.Attribute("Include")!.Value);
    }
}
