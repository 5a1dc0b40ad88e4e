using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Quantum.Backends;

namespace Hone.Client.Specs;

/// <summary>
/// A quantum machine of a study that people have files of: <c>{name: quantum/NAME, backend: conf_NAME.json, calibration: props_NAME.json}</c>, paths from the study file's folder. Its figures
/// are put into the study in their place, so that they travel with it and a later change of the files changes nothing.
/// </summary>
internal static class QuantumMachines
{
    private const string Prefix = "quantum/", Backend = "backend", Calibration = "calibration", Machine = "machine";

    /// <param name="folder">Of the study file.</param>
    /// <exception cref="SpecException">One file without the other.</exception>
    /// <exception cref="HoneException">Files that cannot be read, or are none.</exception>
    public static void PutIn(JsonObject study, string folder)
    {
        if (study["devices"] is not JsonArray devices) return;
        foreach (JsonObject device in devices.OfType<JsonObject>())
        {
            if (device["name"]?.ToString().StartsWith(Prefix, StringComparison.Ordinal) != true || (!device.ContainsKey(Backend) && !device.ContainsKey(Calibration))) continue;
            string name = device["name"]!.ToString();
            if (device[Backend]?.ToString() is not { } configuration || device[Calibration]?.ToString() is not { } properties)
                throw new SpecException($"devices.{name}: expected both files of the machine, backend (conf_NAME.json) and calibration (props_NAME.json), got one");
            device.Remove(Backend);
            device.Remove(Calibration);
            device[Machine] = MachineTable.Write(BackendReader.Read(Text(configuration, folder, name), Text(properties, folder, name)));
        }
    }

    private static string Text(string path, string folder, string device)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpecException($"devices.{device}: cannot read {path}: {e.Message}");
        }
    }
}
