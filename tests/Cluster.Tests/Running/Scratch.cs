namespace Hone.Cluster.Tests.Running;

/// <summary>A folder of the test's own, gone with it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("hone-test-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
