using Hone.Model;

namespace Hone.Quantum.Backends;

/// <summary>
/// Machines that come with the engine, so that it works without any file: calibrations of IBM's superconducting machines as Qiskit
/// published them with its fake backends (Apache-2.0), to five digits, one table a machine in <c>Machines/</c>.
/// </summary>
public static class BackendCatalog
{
    private static readonly string[] Known = ["belem", "quito", "manila", "jakarta", "guadalupe", "brisbane"];
    private static readonly Lazy<ValueList<Backend>> Machines = new(() => [.. Known.Select(MachineTable.Read)]);

    /// <summary>Their names, the smallest machine first.</summary>
    public static IEnumerable<string> Names => Known;

    /// <summary>All of them.</summary>
    public static ValueList<Backend> All => Machines.Value;

    /// <exception cref="HoneException">There is none of this name; names those there are.</exception>
    public static Backend Find(string name) => All.AsEnumerable().FirstOrDefault(b => b.Name == name)
        ?? throw new HoneException($"expected one of {string.Join(", ", Known)}, got '{name}'{(Nearest.Of(name, Known) is { } near ? $"; did you mean '{near}'?" : "")}; others are read from files: --backend FILE --calibration FILE");
}
