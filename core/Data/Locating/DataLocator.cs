using Hone.Model;

namespace Hone.Data;

/// <summary>
/// Finds a data set: the given path (and nothing else when one is given); else $HONE_DATA, the system's folder, the user's cache, each either
/// holding the files or a folder with the data set's name; else fetches it into the cache, from the blob store, the operating system's package or
/// upstream. Nothing but scratch files of its own is ever deleted.
/// </summary>
public sealed class DataLocator(Surroundings surroundings, DataCatalog? catalog = null, IBlobStore? blobs = null)
{
    private readonly DataCatalog _catalog = catalog ?? DataCatalog.Default;

    /// <summary>Finds or fetches a data set, checks all its files and gives their folder.</summary>
    /// <param name="name">As in the catalog.</param>
    /// <param name="path">From --data or the study's data.path; null to look in the usual places.</param>
    /// <exception cref="SpecException">An unknown name, or a path that does not hold the data set.</exception>
    /// <exception cref="HoneException">A damaged file, or no source that serves.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public async Task<string> EnsureAsync(string name, string? path, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        DataSetRecord record = _catalog.Find(name);
        string folder = await LocateAsync(record, path, progress, cancel).ConfigureAwait(false);
        Formats.Of(record.Format).Check(record, folder, progress, cancel);
        return folder;
    }

    /// <summary>Finds or fetches a data set without opening its files: each part is read, and checked, when it is asked for.</summary>
    /// <param name="shape">For image folders (default 32x32 RGB); elsewhere null or the data set's own.</param>
    /// <exception cref="SpecException">An unknown name, a path that does not hold the data set, or another shape than the data set has.</exception>
    /// <exception cref="HoneException">No source that serves.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public async Task<ImageData> LoadAsync(
        string name, string? path, ImageShape? shape = null, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        DataSetRecord record = _catalog.Find(name);
        ImageShape fitting = Fitting(record, shape);
        return new ImageData(record, await LocateAsync(record, path, progress, cancel).ConfigureAwait(false), fitting);
    }

    /// <summary><see cref="LoadAsync"/> for callers on threads of their own.</summary>
    public ImageData Load(
        string name, string? path, ImageShape? shape = null, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default) =>
        Task.Run(() => LoadAsync(name, path, shape, progress, cancel), cancel).GetAwaiter().GetResult();

    /// <summary>Finds or fetches a data set and puts its files into the blob store, from which machines without it take them.</summary>
    /// <param name="name">As in the catalog.</param>
    /// <param name="into">The store.</param>
    /// <exception cref="SpecException">An unknown name, or a data set whose files the catalog does not know.</exception>
    /// <exception cref="HoneException">A damaged file, or no source that serves.</exception>
    /// <exception cref="IOException">The cache or the store cannot be written.</exception>
    public async Task PutAsync(string name, IBlobStore into, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        DataSetRecord record = _catalog.Find(name);
        if (record.Files.Count == 0) throw new SpecException($"data: expected a data set of known files, {name} is the user's own; give its folder to every worker ($HONE_DATA)");
        string folder = await EnsureAsync(name, null, progress, cancel).ConfigureAwait(false);
        foreach (DataFile file in record.Files)
        {
            string path = FileContent.Find(folder, file)!;
            using Stream content = file.Gunzip ? FileContent.Open(path) : File.OpenRead(path);
            into.Put(content);
        }
    }

    /// <summary>The places looked at when no path is given, in order.</summary>
    private IReadOnlyList<string> Places(string name)
    {
        string? variable = surroundings.Variable("HONE_DATA");
        string[] own = string.IsNullOrEmpty(variable) ? [] : [variable, Path.Combine(variable, name)];
        return [.. own, Path.Combine(surroundings.SystemFolder, name), CacheOf(name)];
    }

    private string CacheOf(string name) => Path.Combine(surroundings.CacheFolder, name);

    private async Task<string> LocateAsync(DataSetRecord record, string? path, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        IFormat format = Formats.Of(record.Format);
        IReadOnlyList<string> places = path is null ? Places(record.Home) : [path, Path.Combine(path, record.Home)];
        if (places.FirstOrDefault(place => Directory.Exists(place) && format.Missing(record, place).Count == 0) is { } found) return Path.GetFullPath(found);
        if (path is not null)
            throw new SpecException(
                $"data: {path} does not hold {record.Title}: {(Directory.Exists(path) ? $"missing {string.Join(", ", format.Missing(record, path))}" : "there is no such folder")}"
                + (record.Files.Count == 0 ? "" : "; leave the path out to look in the usual places and to fetch it"));
        if (record.Files.Count == 0)
            throw new SpecException($"data: {record.Name} needs the path of a folder with train/CLASS/*.png and test/CLASS/*.png (--data PATH, data.path or $HONE_DATA)");

        string folder = CacheOf(record.Home);
        List<ISource> sources = [];
        if (blobs is not null) sources.Add(new BlobSource(blobs));
        if (record.Package is { } package) sources.Add(new PackageSource(package, surroundings));
        if (record.Addresses.Count > 0) sources.Add(new UpstreamSource(record.Addresses, surroundings));
        await new Cache(folder, surroundings.Time).FillAsync(record, sources, progress, cancel).ConfigureAwait(false);
        return Path.GetFullPath(folder);
    }

    private static ImageShape Fitting(DataSetRecord record, ImageShape? shape)
    {
        if (record.Format != DataFormat.ImageFolder)
        {
            var own = new ImageShape(record.Height, record.Channels);
            return shape is null || shape == own ? own : throw new SpecException(
                $"data: {record.Name} has images of {own.Size}x{own.Size} with {own.Channels} channel(s), asked for {shape.Size}x{shape.Size} with {shape.Channels}");
        }
        ImageShape asked = shape ?? ImageShape.Default;
        return asked is { Size: >= 1 and <= 1024, Channels: 1 or 3 } ? asked : throw new SpecException(
            $"data: images can be read as 1 to 1024 pixels square with 1 or 3 channels, asked for {asked.Size} with {asked.Channels}");
    }
}
