using Hone.Client.Specs;
using Hone.Data;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary>Sees to it that a study's data is there before anything is started.</summary>
internal static class DataStep
{
    /// <param name="file">The study.</param>
    /// <param name="given">--data, or null.</param>
    /// <returns>The study to submit, and the folder that the silo must look in first (null: its usual places).</returns>
    /// <exception cref="HoneException">It is neither here nor to be had.</exception>
    public static async Task<(StudyFile Study, string? DataSets)> EnsureAsync(StudyFile file, string? given, Terminal terminal, bool quiet, CancellationToken cancel)
    {
        if (given is not null && !Directory.Exists(given)) throw new SpecException($"--data: expected a folder, there is none at {given}");
        string name = file.Spec.Data.Name;
        string? path = given is null ? file.Spec.Data.Path : Path.GetFullPath(given);
        // A known set's identity is its content, so the folder stays out of the study; a folder of the user's own is the study's data.
        if (name is "" or "image-folder")
        {
            StudyFile study = path is null ? file : file.WithDataPath(Path.GetFullPath(path));
            if (path is not null && !Directory.Exists(path)) throw new SpecException($"{file.Path}: data.path: expected a folder, there is none at {path}");
            return (study, null);
        }
        if (DataCatalog.Default.Records.Any(r => r.Name == name)) await GetAsync(name, path, terminal, quiet, cancel);
        return (file, given is null ? null : path);
    }

    /// <summary>Finds or fetches a data set, with a progress bar when that takes time.</summary>
    /// <returns>Its folder.</returns>
    public static async Task<string> GetAsync(string name, string? path, Terminal terminal, bool quiet, CancellationToken cancel)
    {
        var locator = new DataLocator(Surroundings.OfThisMachine());
        if (quiet || !terminal.Live) return await locator.EnsureAsync(name, path, null, cancel);
        return await terminal.Screen.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new RemainingTimeColumn())
            .StartAsync(progress => locator.EnsureAsync(name, path, new Bars(progress), cancel));
    }

    private sealed class Bars(ProgressContext context) : IProgress<FetchProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(FetchProgress value)
        {
            lock (_tasks)
            {
                if (!_tasks.TryGetValue(value.What, out ProgressTask? task)) _tasks[value.What] = task = context.AddTask(Markup.Escape(value.What));
                if (value.Total is { } total) task.MaxValue = Math.Max(total, 1);
                else task.IsIndeterminate = true;
                task.Value = value.Done;
            }
        }
    }
}
