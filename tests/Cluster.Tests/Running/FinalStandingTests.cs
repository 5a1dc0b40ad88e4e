using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Driving;

namespace Hone.Cluster.Tests.Running;

public class FinalStandingTests
{
    [Fact]
    public void ExportedAreMembersWithFilesAndNeverDemotedOnes()
    {
        using var scratch = new Scratch();
        var blobs = new FolderBlobStore(scratch.Folder);
        var front = new Artifact("front.json", blobs.Put("""{"members":[{"ordinal":9},{"ordinal":5},{"ordinal":30}],"demoted":[{"ordinal":7}]}"""u8));
        Artifact[] files = [front, new("models/1/manifest.json", front.Blob), new("models/3/model.onnx", front.Blob)];
        var final = new FinalStanding(files, blobs);
        Assert.Equal([9, 30], final.Exported);   // no file lies in models/2
        Assert.Equal(["exported", null, "exported", "demoted", null], new[] { 9, 5, 30, 7, 11 }.Select(final.Of));
    }

    [Fact]
    public void AStudyThatHasNotEndedHasExportedNothing()
    {
        using var scratch = new Scratch();
        var final = new FinalStanding([], new FolderBlobStore(scratch.Folder));
        Assert.Empty(final.Exported);
        Assert.Null(final.Of(0));
    }
}
