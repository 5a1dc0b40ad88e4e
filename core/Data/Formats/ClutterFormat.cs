using Hone.Model;

namespace Hone.Data;

/// <summary>Images made from another data set's files: see <see cref="Clutter"/>.</summary>
internal sealed class ClutterFormat : IFormat
{
    private static readonly IdxFormat Source = new();

    public IReadOnlyList<string> Missing(DataSetRecord record, string folder) => Source.Missing(record, folder);

    public void Check(DataSetRecord record, string folder, IProgress<FetchProgress>? progress, CancellationToken cancel) => Source.Check(record, folder, progress, cancel);

    public ValueList<string> ClassNames(DataSetRecord record, string folder) => record.ClassNames;

    public ImageSet Read(DataSetRecord record, string folder, Part part, ImageShape shape, CancellationToken cancel) =>
        Clutter.Of(Source.Read(record, folder, part, shape, cancel), part);
}
