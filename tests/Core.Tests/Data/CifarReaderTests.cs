using System.Formats.Tar;
using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class CifarReaderTests
{
    private static readonly DataSetRecord Record = DataCatalog.Default.Find("cifar-10") with { TrainCount = 10, TestCount = 2 };

    [Fact]
    public void ARecordIsALabelAndThenThreePlanes()
    {
        byte[] batch = Batch(2, seed: 3);
        ImageSet set = CifarReader.Read([("b", batch)]);
        Assert.Equal((2, 3, 32, 32, 10), (set.Count, set.Channels, set.Height, set.Width, set.Classes));
        Assert.Equal([batch[0], batch[3073]], set.Labels);
        Assert.Equal([.. batch[1..3073], .. batch[3074..]], set.Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3072)]
    [InlineData(3074)]
    public void AnOddLengthIsRefused(int length) =>
        Assert.Contains($"holds {length} bytes, expected a multiple of 3073", Assert.Throws<HoneException>(() => CifarReader.Read([("b", new byte[length])])).Message);

    [Fact]
    public void ALabelOutOfRangeIsNamedWithItsRecord()
    {
        byte[] batch = Batch(3, 0);
        batch[2 * 3073] = 10;
        Assert.Contains("b: label 10 of record 2", Assert.Throws<HoneException>(() => CifarReader.Read([("b", batch)])).Message);
    }

    [Fact]
    public void TheArchiveAndItsUnpackedFilesReadAlike()
    {
        using var folder = new TempFolder();
        byte[] archive = Archive([.. CifarReader.TrainBatches, CifarReader.TestBatch]);
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(folder["packed"]).FullName, Record.Files[0].Name), archive);
        Unpack(folder["plain", "cifar-10-batches-bin"]);
        DataSetRecord record = Record with { Files = [new DataFile(Record.Files[0].Name, BlobId.Of(archive).Hex, archive.Length, false)] };
        ImageData packed = new(record, folder["packed"], new(32, 3)), plain = new(record, folder["plain"], new(32, 3));

        Assert.Empty(new CifarFormat().Missing(record, folder["packed"]));
        Assert.Empty(new CifarFormat().Missing(record, folder["plain"]));
        Assert.Equal(10, packed.LoadTrain().Count);
        Assert.Equal(packed.TrainId, plain.TrainId);
        Assert.Equal(packed.LoadTest().Pixels, plain.LoadTest().Pixels);
        Assert.NotEqual(packed.TrainId, ImageData.IdOf(packed.LoadTest()));
    }

    [Fact]
    public void AnArchiveThatIsNotTheKnownOneIsRefused()
    {
        using var folder = new TempFolder();
        byte[] archive = Archive([.. CifarReader.TrainBatches, CifarReader.TestBatch]);
        File.WriteAllBytes(folder[Record.Files[0].Name], archive);
        Assert.Contains("cut short", Assert.Throws<HoneException>(() => new ImageData(Record, folder.Path, new(32, 3)).LoadTrain()).Message);
    }

    [Fact]
    public void UnpackedFilesOfAnotherCountAreRefused()
    {
        using var folder = new TempFolder();
        Unpack(folder.Path);
        var error = Assert.Throws<HoneException>(() => new CifarFormat().Check(Record with { TrainCount = 50_000 }, folder.Path, null, default));
        Assert.Contains("expected 50000 images", error.Message);
    }

    [Fact]
    public void ACutOrIncompleteArchiveIsRefused()
    {
        byte[] whole = Archive(CifarReader.TrainBatches);
        Assert.Contains("test_batch.bin", Assert.Throws<HoneException>(() => CifarReader.Unpack(new MemoryStream(whole), "x.tar.gz", [CifarReader.TestBatch])).Message);
        for (int part = 1; part < 8; part++)
        {
            byte[] cut = whole[..(whole.Length * part / 8)];
            Assert.Contains("x.tar.gz", Assert.Throws<HoneException>(() => CifarReader.Unpack(new MemoryStream(cut), "x.tar.gz", CifarReader.TrainBatches)).Message);
        }
    }

    private static byte[] Batch(int count, int seed)
    {
        byte[] batch = new byte[count * 3073];
        var chance = new Chance(5, Streams.Sampling, (uint)seed);
        for (int i = 0; i < batch.Length; i++) batch[i] = i % 3073 == 0 ? (byte)chance.Next(10) : (byte)chance.Next(256);
        return batch;
    }

    private static void Unpack(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, int i) in CifarReader.TrainBatches.Append(CifarReader.TestBatch).Select((name, i) => (name, i)))
            File.WriteAllBytes(Path.Combine(folder, name), Batch(2, i));
    }

    private static byte[] Archive(IReadOnlyList<string> names)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            foreach ((string name, int i) in names.Select((name, i) => (name, i)))
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "cifar-10-batches-bin/" + name) { DataStream = new MemoryStream(Batch(2, i)) });
        }
        return SmallIdx.Gzip(stream.ToArray());
    }
}
