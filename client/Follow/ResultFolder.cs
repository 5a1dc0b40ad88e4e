using System.Text;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Client.Follow;

/// <summary>The folder that a run leaves: trials.jsonl from the first ordinal on, log.jsonl for ever longer, and the files of the result.</summary>
internal sealed class ResultFolder : IDisposable
{
    private readonly TimeProvider _time;
    private FileStream? _trials, _log;

    /// <exception cref="HoneException">The folder cannot be made or written.</exception>
    public ResultFolder(string path, TimeProvider time)
    {
        (Root, _time) = (Path.GetFullPath(path), time);
        Guarded("log.jsonl", () =>
        {
            Directory.CreateDirectory(Root);
            _log = new FileStream(At("log.jsonl"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        });
    }

    public string Root { get; }

    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Begins trials.jsonl anew: its lines are sent again from ordinal 0.</summary>
    public void BeginTrials() => Guarded("trials.jsonl", () =>
    {
        _trials?.Dispose();
        _trials = new FileStream(At("trials.jsonl"), FileMode.Create, FileAccess.Write, FileShare.Read);
    });

    /// <summary>Appends lines; they are with the operating system when this returns.</summary>
    public void Append(IEnumerable<string> lines) => Guarded("trials.jsonl", () => Write(_trials!, lines));

    /// <summary>Appends an entry to log.jsonl with the time.</summary>
    public void Log(JsonObject entry)
    {
        var timed = new JsonObject { ["at"] = _time.GetUtcNow().ToString("O") };
        foreach (var (key, value) in entry) timed[key] = value?.DeepClone();
        Guarded("log.jsonl", () => Write(_log!, [timed.ToJsonString(StudyJson.Options)]));
    }

    /// <summary>Writes a whole file under a temporary name and renames it.</summary>
    public void WriteWhole(string name, string text) => Guarded(name, () =>
    {
        string path = At(name), temporary = path + ".part";
        File.WriteAllText(temporary, text, new UTF8Encoding(false));
        File.Move(temporary, path, overwrite: true);
    });

    /// <summary>Writes a file of the result; a path that would leave the folder is refused.</summary>
    public void Copy(Stream content, string name)
    {
        string path = Path.GetFullPath(At(name));
        if (Path.IsPathRooted(name) || !path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new HoneException($"expected result files below {Root}, got '{name}'; it was not written");
        Guarded(name, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (FileStream part = File.Create(path + ".part")) content.CopyTo(part);
            File.Move(path + ".part", path, overwrite: true);
        });
    }

    /// <summary>The exported members that are there, as models/n.</summary>
    public IEnumerable<string> Models => !Directory.Exists(At("models")) ? []
        : Directory.GetDirectories(At("models")).Where(IsModel).Select(m => $"models/{Path.GetFileName(m)}").Order(StringComparer.Ordinal);

    /// <summary>Removes the exported members of an earlier end of the study (before its budget was raised) that are none any more.</summary>
    public void KeepModels(IReadOnlySet<string> names) => Guarded("models", () =>
    {
        if (!Directory.Exists(At("models"))) return;
        foreach (string model in Directory.GetDirectories(At("models")))
            if (IsModel(model) && !names.Contains(Path.GetFileName(model)))
                Directory.Delete(model, recursive: true);
    });

    public void Dispose()
    {
        _trials?.Dispose();
        _log?.Dispose();
    }

    private static bool IsModel(string folder) => int.TryParse(Path.GetFileName(folder), out _) && File.Exists(Path.Combine(folder, "manifest.json"));

    private static void Write(FileStream stream, IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (string line in lines) text.Append(line).Append('\n');
        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
        stream.Flush();
    }

    private void Guarded(string name, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoneException($"{Path.Combine(Root, name)}: cannot be written ({e.Message}); make room or choose another --out, and run the same command to go on", e);
        }
    }
}
