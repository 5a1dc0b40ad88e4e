using Hone.Model;

namespace Hone.Data;

/// <summary>
/// train/CLASS/* and test/CLASS/* of .png, .jpg and .jpeg files; other files are passed over. The ordinally sorted folder names of train are
/// the classes, and within a class the images come in the ordinal order of their names.
/// </summary>
internal sealed class ImageFolderFormat : IFormat
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    public IReadOnlyList<string> Missing(DataSetRecord record, string folder) =>
        [.. Enum.GetValues<Part>().Select(FolderOf).Where(part => !Directory.Exists(Path.Combine(folder, part))).Select(part => part + "/")];

    /// <summary>The catalog knows nothing of the user's own images: only their layout can be checked.</summary>
    public void Check(DataSetRecord record, string folder, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        foreach (Part part in Enum.GetValues<Part>()) Entries(folder, part);
    }

    public ValueList<string> ClassNames(DataSetRecord record, string folder) => Names(Path.Combine(folder, FolderOf(Part.Train))).ToValueList();

    public ImageSet Read(DataSetRecord record, string folder, Part part, ImageShape shape, CancellationToken cancel)
    {
        (string Path, byte Label)[] entries = Entries(folder, part);
        int stride = shape.Channels * shape.Size * shape.Size;
        if ((long)stride * entries.Length > Array.MaxLength)
            throw new HoneException($"{folder}: {entries.Length} images of {shape.Channels}x{shape.Size}x{shape.Size} bytes do not fit in memory; take a smaller size");
        byte[] pixels = new byte[entries.Length * stride]; // (N, C, size, size)
        byte[] labels = [.. entries.Select(entry => entry.Label)]; // (N)
        try
        {
            Parallel.For(0, entries.Length, new ParallelOptions { CancellationToken = cancel },
                i => ImageDecoder.Decode(entries[i].Path, shape, pixels.AsSpan(i * stride, stride)));
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<HoneException>().FirstOrDefault() is { } first)
        {
            throw new HoneException(first.Message, e);
        }
        return new ImageSet(pixels, labels, shape.Channels, shape.Size, shape.Size, Names(Path.Combine(folder, FolderOf(Part.Train))).Length);
    }

    private static string FolderOf(Part part) => part == Part.Train ? "train" : "test";

    private static string[] Names(string folder) => [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static (string Path, byte Label)[] Entries(string folder, Part part)
    {
        string[] classes = Names(Path.Combine(folder, FolderOf(Part.Train)));
        string place = Path.Combine(folder, FolderOf(part));
        if (classes.Length is 0 or > 256)
            throw new HoneException($"{folder}/train: expected 1 to 256 class folders, got {classes.Length}; put the images at train/CLASS/NAME.png");
        if (Names(place).Except(classes).FirstOrDefault() is { } stranger)
            throw new HoneException($"{place}/{stranger}: train/ has no class of this name; it has {string.Join(", ", classes.Take(10))}{(classes.Length > 10 ? ", ..." : "")}");
        (string, byte)[] entries = [.. classes.SelectMany((name, label) => Images(Path.Combine(place, name)).Select(path => (path, (byte)label)))];
        return entries.Length > 0 ? entries : throw new HoneException($"{place}: no .png, .jpg or .jpeg file in its class folders");
    }

    private static IEnumerable<string> Images(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.GetFiles(folder)
            .Where(path => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
}
