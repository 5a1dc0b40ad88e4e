using System.Text;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Client.Specs;

/// <summary>A study file: its values as JSON and the checked study.</summary>
/// <param name="Path">As the user gave it.</param>
/// <param name="Values">The values as written; what is submitted in canonical form.</param>
/// <param name="Spec">The same, checked.</param>
internal sealed record StudyFile(string Path, JsonObject Values, StudySpec Spec)
{
    private const int MostBytes = 1 << 20;

    /// <summary>The canonical text that is submitted.</summary>
    public string Canonical => StudyJson.Canonical(Values);

    /// <exception cref="SpecException">Missing, too large, not UTF-8, not YAML, or not a study: one line with file and line.</exception>
    public static StudyFile Load(string path)
    {
        JsonObject values = ReadYaml(path, out Dictionary<string, long> lines);
        try
        {
            QuantumMachines.PutIn(values, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            return new StudyFile(path, values, StudySpec.Parse(values));
        }
        catch (SpecException e)
        {
            string key = e.Message.Split(':', 2)[0];
            throw new SpecException($"{path}{(lines.TryGetValue(key, out long line) ? $":{line}" : "")}: {e.Message}");
        }
    }

    /// <summary>The same study with its data taken from a folder.</summary>
    public StudyFile WithDataPath(string folder)
    {
        var values = (JsonObject)Values.DeepClone();
        if (values["data"] is not JsonObject data) values["data"] = data = [];
        data["path"] = folder;
        return new StudyFile(Path, values, StudySpec.Parse(values));
    }

    private static JsonObject ReadYaml(string path, out Dictionary<string, long> lines)
    {
        if (Directory.Exists(path)) throw new SpecException($"{path}: expected a study file (YAML), got a folder");
        var file = new FileInfo(path);
        if (!file.Exists) throw new SpecException($"{path}: expected a study file (YAML), there is none; check the path");
        if (file.Length > MostBytes) throw new SpecException($"{path}: expected a study file of at most 1 MB, got {file.Length / 1e6:0.#} MB");
        byte[] bytes = File.ReadAllBytes(path);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            int line = 1 + bytes.AsSpan(0, Math.Clamp(e.Index, 0, bytes.Length)).Count((byte)'\n');
            throw new SpecException($"{path}:{line}: expected UTF-8 text, got other bytes; save the file as UTF-8");
        }
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line[..(line.Length - line.TrimStart().Length)].Contains('\t'))
                throw new SpecException($"{path}:{number}: expected spaces for indentation, got a tab");
        }
        var reader = new YamlReader(path, new StringReader(text));
        JsonObject values = reader.Read();
        lines = reader.Lines;
        return values;
    }
}
