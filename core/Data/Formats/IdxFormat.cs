using Hone.Model;

namespace Hone.Data;

/// <summary>Four IDX files in one folder, each gzipped or not; the record lists train images, train labels, test images, test labels.</summary>
internal sealed class IdxFormat : IFormat
{
    public IReadOnlyList<string> Missing(DataSetRecord record, string folder) =>
        [.. record.Files.Where(file => FileContent.Find(folder, file) is null).Select(file => file.Name)];

    public void Check(DataSetRecord record, string folder, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        foreach (DataFile file in record.Files) FileContent.Check(PathOf(record, folder, file), file, progress, cancel);
    }

    public ValueList<string> ClassNames(DataSetRecord record, string folder) => record.ClassNames;

    public ImageSet Read(DataSetRecord record, string folder, Part part, ImageShape shape, CancellationToken cancel)
    {
        int first = part == Part.Train ? 0 : 2;
        DataFile images = record.Files[first], labels = record.Files[first + 1];
        string imagesPath = PathOf(record, folder, images), labelsPath = PathOf(record, folder, labels);
        return IdxReader.Read(FileContent.Read(imagesPath, images), FileContent.Read(labelsPath, labels), record.ClassNames.Count, imagesPath, labelsPath);
    }

    private static string PathOf(DataSetRecord record, string folder, DataFile file) =>
        FileContent.Find(folder, file) ?? throw new HoneException($"{folder} has no {file.Name}: fetch it with 'hone data get {record.Name}'");
}
