using Hone.Model;

namespace Hone.Export;

/// <summary>The folder of one exported model: its files and the manifest that names them with their hashes.</summary>
public static class ModelFolder
{
    /// <summary>The exported network.</summary>
    public const string OnnxFile = "model.onnx";

    /// <summary>The same weights as arrays.</summary>
    public const string WeightsFile = "weights.safetensors";

    /// <summary>Images with expected logits.</summary>
    public const string ProbeFile = "probe.safetensors";

    /// <summary>
    /// Writes the files and, last, the manifest, each under a temporary name first. Files in the folder that are not given stay as they are.
    /// </summary>
    /// <returns>The manifest with its list of files filled in, sorted by name.</returns>
    /// <exception cref="HoneException">A name would leave the folder, or the disk refuses.</exception>
    public static Manifest Write(string folder, Manifest manifest, params IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        foreach ((string name, _) in files)
            if (!IsPlain(name) || name == Manifest.FileName) throw new HoneException($"a model folder cannot hold a file '{name}'; use letters, digits, '.', '-' and '_'");
        Manifest complete = manifest with
        {
            Files = files.OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => new ManifestFile(file.Name, BlobId.Of(file.Bytes), file.Bytes.Length)).ToValueList(),
        };
        try
        {
            Directory.CreateDirectory(folder);
            foreach ((string name, byte[] bytes) in files) Replace(Path.Combine(folder, name), bytes);
            Replace(Path.Combine(folder, Manifest.FileName), ManifestJson.Write(complete));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HoneException($"cannot write the model folder {folder}: {error.Message}", error);
        }
        return complete;
    }

    /// <summary>The folder's manifest.</summary>
    /// <exception cref="HoneException">It is missing or not readable.</exception>
    public static Manifest ReadManifest(string folder)
    {
        string path = Path.Combine(folder, Manifest.FileName);
        try { return ManifestJson.Read(File.ReadAllBytes(path)); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HoneException($"expected a model folder with {Manifest.FileName}, cannot read {path}: {error.Message}", error);
        }
    }

    /// <summary>Whether a name stays in its folder on every system: 1 to 100 letters, digits, '.', '-' and '_', not beginning with a dot.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static void Replace(string path, byte[] bytes)
    {
        File.WriteAllBytes(path + ".part", bytes);
        File.Move(path + ".part", path, overwrite: true);
    }
}
