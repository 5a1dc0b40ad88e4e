using System.Globalization;

namespace Hone.Data;

/// <summary>
/// A Debian or Ubuntu package, fetched with apt-get and unpacked with dpkg -x: neither needs root and nothing is installed. When apt does not
/// know the package, its lists are fetched once, into the scratch folder, so that no right over the system's own lists is needed either.
/// </summary>
internal sealed class PackageSource(SystemPackage package, Surroundings surroundings) : ISource
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public string Name => $"the package {package.Name}";

    public async Task FetchAsync(IReadOnlyList<DataFile> files, string scratch, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        string work = Directory.CreateDirectory(Path.Combine(scratch, "package")).FullName;
        string[] lists = [];
        ProcessResult known = await AptAsync(["download", "--print-uris", package.Name]).ConfigureAwait(false);
        if (known.ExitCode != 0)
        {
            progress?.Report(new FetchProgress("updating the package lists", 0, null));
            lists = OwnLists(scratch);
            ProcessResult update = await AptAsync([.. lists, "update"]).ConfigureAwait(false);
            known = await AptAsync([.. lists, "download", "--print-uris", package.Name]).ConfigureAwait(false);
            if (known.ExitCode != 0) throw new SourceException(update.ExitCode != 0 ? $"apt-get update: {update.LastLine}" : known.LastLine);
        }

        ProcessResult download = await WatchedAsync(AptAsync([.. lists, "download", package.Name]), work, SizeIn(known.Output), progress).ConfigureAwait(false);
        string? deb = Directory.GetFiles(work, "*.deb").Select(path => Path.GetFileName(path)).FirstOrDefault();
        if (download.ExitCode != 0 || deb is null) throw new SourceException($"apt-get download: {download.LastLine}");

        progress?.Report(new FetchProgress($"unpacking {deb}", 0, null));
        ProcessResult unpack = await surroundings.Processes.RunAsync("dpkg", ["-x", deb, "unpacked"], work, cancel).ConfigureAwait(false)
            ?? throw new SourceException("this machine has no dpkg");
        if (unpack.ExitCode != 0) throw new SourceException($"dpkg -x: {unpack.LastLine}");
        foreach (DataFile file in files)
        {
            string found = FileContent.Find(Path.Combine(work, "unpacked", package.Folder), file)
                ?? throw new SourceException($"the package holds no {package.Folder}/{file.Name}");
            File.Move(found, Path.Combine(scratch, Path.GetFileName(found)));
        }

        async Task<ProcessResult> AptAsync(IReadOnlyList<string> arguments) =>
            await surroundings.Processes.RunAsync("apt-get", arguments, work, cancel).ConfigureAwait(false)
            ?? throw new SourceException("this machine has no apt-get");
    }

    /// <summary>apt-get's options for lists and caches of its own under the scratch folder.</summary>
    private static string[] OwnLists(string scratch)
    {
        string lists = Path.Combine(scratch, "lists"), cache = Path.Combine(scratch, "cache");
        Directory.CreateDirectory(Path.Combine(lists, "partial"));
        Directory.CreateDirectory(Path.Combine(cache, "archives", "partial"));
        return ["-o", $"Dir::State::Lists={lists}", "-o", $"Dir::Cache={cache}"];
    }

    /// <summary>The size in a line of --print-uris: 'URI' FILE SIZE HASH; null when there is none.</summary>
    private static long? SizeIn(string output)
    {
        foreach (string line in output.Split('\n'))
        {
            string[] words = line.Split(' ');
            if (words.Length >= 3 && words[0].StartsWith('\'') && long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out long size)) return size;
        }
        return null;
    }

    /// <summary>Reports the growth of the files in the folder while apt-get, which says nothing of use, is at work.</summary>
    private async Task<ProcessResult> WatchedAsync(Task<ProcessResult> run, string folder, long? total, IProgress<FetchProgress>? progress)
    {
        while (progress is not null && !run.IsCompleted)
        {
            await Task.WhenAny(run, Task.Delay(Poll, surroundings.Time)).ConfigureAwait(false);
            long size = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(SizeOf);
            progress.Report(new FetchProgress($"downloading {Name}", size, total));
        }
        return await run.ConfigureAwait(false);
    }

    /// <summary>0 for a file that apt-get has just renamed.</summary>
    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
