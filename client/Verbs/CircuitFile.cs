using System.CommandLine;
using System.Globalization;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Qasm;

namespace Hone.Client.Verbs;

/// <summary>Circuits and machines as the command line names them.</summary>
internal static class CircuitFile
{
    /// <summary>The circuit of a file, and whether it is OpenQASM 3.</summary>
    /// <exception cref="HoneException">It cannot be read; file, line and column are named.</exception>
    public static (Circuit Circuit, bool Three) Read(string path)
    {
        string text = Text(path);
        try
        {
            Circuit circuit = QasmReader.Read(text, out bool three);
            return (circuit, three);
        }
        catch (QasmException error)
        {
            throw new HoneException($"{path}, {error.Message}", error);
        }
    }

    /// <summary>--backend and --calibration as a machine; null without --backend.</summary>
    /// <exception cref="SpecException">--calibration without --backend, or a file without its calibration.</exception>
    public static Backend? Machine(string? backend, string? calibration)
    {
        if (backend is null) return calibration is null ? null : throw new SpecException("--calibration: expected --backend FILE, the machine's configuration, beside it");
        if (calibration is not null) return BackendReader.Read(Text(backend), Text(calibration));
        return File.Exists(backend) ? throw new SpecException($"--backend {backend}: expected --calibration FILE beside a configuration file (props_NAME.json beside conf_NAME.json)") : BackendCatalog.Find(backend);
    }

    /// <summary>Writes a text whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        string part = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.part");
        try
        {
            File.WriteAllText(part, text);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoneException($"cannot write {path}: {e.Message}", e);
        }
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoneException($"cannot read {path}: {e.Message}", e);
        }
    }
}

/// <summary>Options that name a machine.</summary>
internal sealed record MachineOptions(Option<string?> Backend, Option<string?> Calibration)
{
    public static MachineOptions AddTo(Command command)
    {
        var options = new MachineOptions(
            new Option<string?>("--backend") { Description = $"the machine: {string.Join(", ", BackendCatalog.All.AsEnumerable().Select(b => b.Name))}, or its configuration (conf_NAME.json)" },
            new Option<string?>("--calibration") { Description = "the configuration's calibration (props_NAME.json)" });
        command.Add(options.Backend);
        command.Add(options.Calibration);
        return options;
    }

    public Backend? Of(ParseResult parsed) => CircuitFile.Machine(parsed.GetValue(Backend), parsed.GetValue(Calibration));
}
