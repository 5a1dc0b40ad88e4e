using System.Text;
using Hone.Client.Tests.Follow;
using Hone.Client.Verbs;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;

namespace Hone.Client.Tests.Verbs;

public sealed class ExportVerbTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>A study that was done at 320 trials and searches on now.</summary>
    private FakeCluster Extended()
    {
        var blobs = new FolderBlobStore(_scratch["blobs"]);
        ValueList<Artifact> files = [new("front.json", blobs.Put(Encoding.UTF8.GetBytes(Samples.FrontText))), new("models/1/manifest.json", blobs.Put("{}"u8)), new("models/2/manifest.json", blobs.Put("{ }"u8))];
        return new FakeCluster(10_000, perUpdate: 64) { Before = Samples.Status(StudyPhase.Done, 320, artifacts: files, blobs: _scratch["blobs"]) };
    }

    private async Task<int> Export(params int[] members)
    {
        using StringWriter output = new(), error = new();
        return await ExportVerb.Write(new Terminal(output, error, Live: false), Extended(),
            new ExportVerb.Request("quasar-vit", _scratch["out"], members.Length == 0 ? null : members, Json: false), CancellationToken.None);
    }

    [Fact]
    public async Task TheTrialsAreThoseOfTheFrontWhateverTheStudySearchesMeanwhile()
    {
        Assert.Equal(0, await Export());
        Assert.Equal(320, File.ReadAllLines(_scratch["out/trials.jsonl"]).Length);
        Assert.Equal(Samples.FrontText, File.ReadAllText(_scratch["out/front.json"]));
    }

    [Fact]
    public async Task SomeMembersAreNotWrittenWhereThatRemovesOthers()
    {
        await Export();
        int first = Samples.Front().Members[0].Ordinal;
        string message = (await Assert.ThrowsAsync<SpecException>(() => Export(first))).Message;
        Assert.Contains("models/2", message);
        Assert.True(File.Exists(_scratch["out/models/2/manifest.json"]));
        Directory.Delete(_scratch["out/models/2"], recursive: true);
        Assert.Equal(0, await Export(first));
    }
}
