using Hone.Model;

namespace Hone.Data;

/// <summary>
/// Fills a data set's folder in the user's cache. Each fetch works in a scratch folder of its own beside the files; a file is checked there and
/// then renamed into place, so that a reader or a second fetch at the same time sees whole files only.
/// </summary>
internal sealed class Cache(string folder, TimeProvider time)
{
    private const string Mark = ".fetch-";
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Fetches the missing files from the first source that serves.</summary>
    /// <exception cref="HoneException">None serves; the message has each one's reason.</exception>
    public async Task FillAsync(DataSetRecord record, IReadOnlyList<ISource> sources, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        var reasons = new List<string>();
        foreach (ISource source in sources)
        {
            DataFile[] missing = [.. record.Files.Where(file => FileContent.Find(folder, file) is null)];
            string scratch = Scratch(); // its error ends the fetch: no source could do better
            try
            {
                await source.FetchAsync(missing, scratch, progress, cancel).ConfigureAwait(false);
                foreach (DataFile file in missing) Admit(scratch, file, progress, cancel);
                return;
            }
            catch (Exception e) when (e is SourceException or HoneException)
            {
                reasons.Add($"{source.Name}: {e.Message}");
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
        throw new HoneException(
            $"{record.Title} cannot be fetched ({string.Join("; ", reasons)}): put {string.Join(", ", record.Files.Select(f => f.Name))} "
            + $"into {folder} or name their folder with --data");
    }

    private void Admit(string scratch, DataFile file, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        string arrived = FileContent.Find(scratch, file) ?? throw new SourceException($"it brought no {file.Name}");
        FileContent.Check(arrived, file, progress, cancel);
        File.Move(arrived, Path.Combine(folder, Path.GetFileName(arrived)), overwrite: true);
    }

    /// <summary>A new folder of this fetch alone; what killed fetches left behind a day ago or more goes.</summary>
    private string Scratch()
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (string old in Directory.GetDirectories(folder, Mark + "*"))
                if (time.GetUtcNow() - Directory.GetLastWriteTimeUtc(old) > Abandoned) Directory.Delete(old, recursive: true);
            return Directory.CreateDirectory(Path.Combine(folder, Mark + Path.GetRandomFileName())).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoneException($"the cache folder {folder} cannot be written ({e.Message.TrimEnd('.')}): make it writable or set XDG_CACHE_HOME to a folder that is", e);
        }
    }
}
