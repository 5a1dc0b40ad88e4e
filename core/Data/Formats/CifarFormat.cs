using Hone.Model;

namespace Hone.Data;

/// <summary>CIFAR-10's archive, checked by its SHA-256, or its six .bin files unpacked, checked by their lengths and labels.</summary>
internal sealed class CifarFormat : IFormat
{
    private const string Inner = "cifar-10-batches-bin";

    public IReadOnlyList<string> Missing(DataSetRecord record, string folder)
    {
        DataFile archive = record.Files[0];
        return FileContent.Find(folder, archive) is not null || Unpacked(folder) is not null ? [] : [archive.Name];
    }

    public void Check(DataSetRecord record, string folder, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        if (FileContent.Find(folder, record.Files[0]) is { } archive) FileContent.Check(archive, record.Files[0], progress, cancel);
        else foreach (Part part in Enum.GetValues<Part>()) Read(record, folder, part, ImageShape.Default, cancel);
    }

    public ValueList<string> ClassNames(DataSetRecord record, string folder) => record.ClassNames;

    public ImageSet Read(DataSetRecord record, string folder, Part part, ImageShape shape, CancellationToken cancel)
    {
        IReadOnlyList<string> batches = part == Part.Train ? CifarReader.TrainBatches : [CifarReader.TestBatch];
        ImageSet set = CifarReader.Read(Batches(record, folder, batches, cancel), record.ClassNames.Count);
        int expected = part == Part.Train ? record.TrainCount : record.TestCount;
        return set.Count == expected ? set : throw new HoneException($"{folder}: expected {expected} images in {string.Join(", ", batches)}, got {set.Count}");
    }

    private static IReadOnlyList<(string, byte[])> Batches(DataSetRecord record, string folder, IReadOnlyList<string> batches, CancellationToken cancel)
    {
        DataFile file = record.Files[0];
        if (FileContent.Find(folder, file) is { } path)
        {
            FileContent.Check(path, file, null, cancel);
            using FileStream archive = File.OpenRead(path);
            return CifarReader.Unpack(archive, path, batches);
        }
        string inner = Unpacked(folder) ?? throw new HoneException($"{folder} has no {file.Name}: fetch it with 'hone data get {record.Name}'");
        return [.. batches.Select(batch => (Path.Combine(inner, batch), File.ReadAllBytes(Path.Combine(inner, batch))))];
    }

    /// <summary>The folder of the unpacked batches: this one or the one inside it that the archive makes.</summary>
    private static string? Unpacked(string folder) =>
        new[] { folder, Path.Combine(folder, Inner) }.FirstOrDefault(place =>
            CifarReader.TrainBatches.Append(CifarReader.TestBatch).All(batch => File.Exists(Path.Combine(place, batch))));
}
