using System.Globalization;
using System.Text.Json;
using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Backends;

/// <summary>
/// Reads a machine from Qiskit's BackendConfiguration (conf_NAME.json) and BackendProperties (props_NAME.json). Values are converted by
/// the unit that stands beside them. A value that is missing is taken as the median of the same value elsewhere on the machine and
/// noted; where there is none elsewhere, the files are refused with its name.
/// </summary>
public static class BackendReader
{
    /// <summary>The machine that two files describe.</summary>
    /// <param name="configuration">Text of conf_NAME.json.</param>
    /// <param name="properties">Text of props_NAME.json.</param>
    /// <exception cref="HoneException">They are not such files, or do not go together; says what is missing.</exception>
    public static Backend Read(string configuration, string properties)
    {
        using JsonDocument conf = Parse(configuration, "configuration"), props = Parse(properties, "calibration");
        string name = Text(conf.RootElement, "backend_name", "configuration");
        int qubits = Number(conf.RootElement, "n_qubits");
        var notes = new List<string>();
        Gate[] basis = Basis(conf.RootElement, notes);
        Entry[] perQubit = [.. Qubits(props.RootElement, qubits)];
        Entry[] perGate = [.. Gates(props.RootElement, basis, qubits)];
        var figures = new Filling(notes);
        QubitFigures[] qubitFigures = [.. perQubit.Select((q, i) => new QubitFigures(
            figures.Value(perQubit, q, "T1"), figures.Value(perQubit, q, "T2"),
            figures.Value(perQubit, q, "prob_meas1_prep0"), figures.Value(perQubit, q, "prob_meas0_prep1"), figures.Value(perQubit, q, "readout_length")))];
        Gate entangler = basis.First(g => g.Qubits == 2);
        (int, int)[] map = Coupling(conf.RootElement, qubits);
        var gateFigures = new List<GateFigures>();
        foreach (Gate gate in basis)
        {
            Entry[] same = [.. perGate.Where(e => e.Gate == gate)];
            IEnumerable<int[]> places = gate.Qubits == 1 ? Enumerable.Range(0, qubits).Select(q => new[] { q }) : map.Select(p => new[] { p.Item1, p.Item2 });
            bool free = gate == StandardGates.Rz;   // a change of frame: no time, no error
            foreach (int[] place in places)
            {
                Entry entry = same.FirstOrDefault(e => e.Qubits.SequenceEqual(place)) ?? new Entry($"{gate.Name} on {string.Join(", ", place)}", gate, place, []);
                gateFigures.Add(free ? new GateFigures(gate, ValueList.Create<int>(place), 0, 0)
                    : new GateFigures(gate, ValueList.Create<int>(place), figures.Value(same, entry, "gate_error"), figures.Value(same, entry, "gate_length")));
            }
        }
        GateFigures[] dead = [.. gateFigures.Where(g => g.Gate == entangler && g.Error >= 1)];
        notes.AddRange(dead.Select(d => $"{entangler.Name} does not work on {string.Join(", ", d.Qubits)} (error {d.Error.ToString(CultureInfo.InvariantCulture)}): left out"));
        (int, int)[] works = [.. map.Where(p => !dead.Any(d => d.Qubits[0] == p.Item1 && d.Qubits[1] == p.Item2))];
        if (works.Length == 0) throw new HoneException($"expected a coupling map with at least one pair that works, got none in the files of {name}");
        double dt = conf.RootElement.TryGetProperty("dt", out JsonElement samples) && samples.ValueKind == JsonValueKind.Number ? samples.GetDouble() * 1e-9 : 0;
        string version = $"{Text(props.RootElement, "backend_version", "calibration")} {Text(props.RootElement, "last_update_date", "calibration")}";
        return new Backend(name, version, ValueList.Create<Gate>(basis), ValueList.Create<(int, int)>(works), ValueList.Create<QubitFigures>(qubitFigures),
            gateFigures.ToValueList(), dt, notes.ToValueList());
    }

    /// <summary>Values of a qubit or of a gate on qubits, in seconds where they are times.</summary>
    private sealed record Entry(string Name, Gate? Gate, int[] Qubits, Dictionary<string, double> Values);

    /// <summary>Missing values and what stands in for them.</summary>
    private sealed class Filling(List<string> notes)
    {
        public double Value(Entry[] all, Entry entry, string name)
        {
            if (entry.Values.TryGetValue(name, out double value)) return value;
            double[] others = [.. all.Where(e => e.Values.ContainsKey(name)).Select(e => e.Values[name]).Order()];
            if (others.Length == 0) throw new HoneException($"the calibration lacks {name} of {entry.Name}, and of all others: take a calibration that has it");
            double median = others[others.Length / 2];
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{name} of {entry.Name} is missing: {median:g4}, the median of {others.Length} others, is taken"));
            return median;
        }
    }

    private static JsonDocument Parse(string text, string what)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new HoneException($"expected the {what} as JSON: {error.Message}", error);
        }
    }

    private static string Text(JsonElement root, string key, string file) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()!
            : throw new HoneException($"expected '{key}' in the {file}: is it the right one of the two files?");

    private static int Number(JsonElement root, string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.TryGetInt32(out int number) && number > 0 ? number
            : throw new HoneException($"expected '{key}', a whole number above 0, in the configuration");

    private static Gate[] Basis(JsonElement root, List<string> notes)
    {
        if (!root.TryGetProperty("basis_gates", out JsonElement list) || list.ValueKind != JsonValueKind.Array) throw new HoneException("expected 'basis_gates', a list of names, in the configuration");
        string[] names = [.. list.EnumerateArray().Select(n => n.GetString() ?? "")];
        Gate[] known = [.. names.Select(StandardGates.Find).OfType<Gate>().Where(g => g.Qubits <= 2)];
        notes.AddRange(names.Where(n => StandardGates.Find(n) is null).Select(n => $"{n} is no gate that circuits are made of here: left out of the basis"));
        return known.Any(g => g.Qubits == 2) ? known : throw new HoneException($"expected a gate on two qubits (cx, cz, ecr) among 'basis_gates', got {string.Join(", ", names)}");
    }

    private static (int, int)[] Coupling(JsonElement root, int qubits)
    {
        if (!root.TryGetProperty("coupling_map", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            throw new HoneException("expected 'coupling_map', a list of pairs of qubits, in the configuration: without it no circuit can be routed");
        (int, int)[] pairs = [.. list.EnumerateArray().Select(p => p.GetArrayLength() == 2 ? (p[0].GetInt32(), p[1].GetInt32()) : throw new HoneException($"expected pairs in 'coupling_map', got {p}")).Distinct()];
        foreach ((int a, int b) in pairs)
            if (a < 0 || b < 0 || a >= qubits || b >= qubits || a == b) throw new HoneException($"expected pairs of different qubits of 0 to {qubits - 1} in 'coupling_map', got [{a}, {b}]");
        return pairs;
    }

    private static IEnumerable<Entry> Qubits(JsonElement root, int qubits)
    {
        if (!root.TryGetProperty("qubits", out JsonElement list) || list.ValueKind != JsonValueKind.Array) throw new HoneException("expected 'qubits', a list, in the calibration: is it the right one of the two files?");
        if (list.GetArrayLength() != qubits) throw new HoneException($"expected {qubits} qubits in the calibration, as the configuration says, got {list.GetArrayLength()}: do the files belong together?");
        return list.EnumerateArray().Select((q, i) => new Entry($"qubit {i}", null, [i], Values(q, $"qubit {i}")));
    }

    private static IEnumerable<Entry> Gates(JsonElement root, Gate[] basis, int qubits)
    {
        if (!root.TryGetProperty("gates", out JsonElement list) || list.ValueKind != JsonValueKind.Array) throw new HoneException("expected 'gates', a list, in the calibration");
        foreach (JsonElement gate in list.EnumerateArray())
        {
            if (StandardGates.Find(Text(gate, "gate", "calibration")) is not { } known || !basis.Contains(known)) continue;   // reset, delay
            int[] on = [.. gate.GetProperty("qubits").EnumerateArray().Select(q => q.GetInt32())];
            if (on.Length != known.Qubits || on.Any(q => q < 0 || q >= qubits)) throw new HoneException($"expected {known.Qubits} qubits of 0 to {qubits - 1} for {known.Name} in the calibration, got {string.Join(", ", on)}");
            string name = $"{known.Name} on {string.Join(", ", on)}";
            yield return new Entry(name, known, on, Values(gate.GetProperty("parameters"), name));
        }
    }

    private static Dictionary<string, double> Values(JsonElement list, string of)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (JsonElement item in list.EnumerateArray())
        {
            string name = Text(item, "name", "calibration"), unit = item.TryGetProperty("unit", out JsonElement u) ? u.GetString() ?? "" : "";
            if (!item.TryGetProperty("value", out JsonElement value) || value.ValueKind != JsonValueKind.Number) continue;   // missing: filled in later
            double scale = unit switch { "" or "GHz" => 1, "s" => 1, "ms" => 1e-3, "us" or "µs" => 1e-6, "ns" => 1e-9, _ => throw new HoneException($"expected a unit of s, ms, us, ns or none for {name} of {of}, got '{unit}'") };
            values[name] = value.GetDouble() * scale;
        }
        return values;
    }
}
