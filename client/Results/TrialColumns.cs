using System.Text.Json;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>A gene over the evaluated trials: its distinct values, and which of them each trial has (0 is "", a gene that the trial lacks).</summary>
internal sealed record GeneColumn(string Name, List<string> Values, List<int> At);

/// <summary>
/// What the pictures and tables need of trials.jsonl, read line by line into columns: a hundred thousand trials take some megabytes, whatever
/// their lines hold. Evaluated trials that lack a plotted value, or are of another fidelity than the front's, are counted and not drawn.
/// </summary>
internal sealed class TrialColumns
{
    private readonly Objective _across, _upward;
    private readonly int? _fidelity;
    private readonly List<int> _ordinals = [];
    private readonly List<double> _x = [], _y = [];
    private readonly List<GeneColumn> _genes = [];
    private readonly Dictionary<string, (GeneColumn Column, Dictionary<string, int> Codes)> _byName = new(StringComparer.Ordinal);

    /// <param name="objectives">The second is read for x, the first for y.</param>
    /// <param name="fidelity">Of the trials to draw.</param>
    public TrialColumns(IReadOnlyList<Objective> objectives, int? fidelity = null)
    {
        (_across, _upward) = FrontPlot.Axes(objectives);
        _fidelity = fidelity;
    }

    /// <summary>Ordinals of the trials to draw, in ordinal order; <see cref="X"/>, <see cref="Y"/> and the genes go with them.</summary>
    public IReadOnlyList<int> Ordinals => _ordinals;

    public IReadOnlyList<double> X => _x;

    public IReadOnlyList<double> Y => _y;

    /// <summary>In the order in which the file names them.</summary>
    public IReadOnlyList<GeneColumn> Genes => _genes;

    public RejectionGroups Rejections { get; } = new();

    public int Count { get; private set; }

    public int Evaluated { get; private set; }

    /// <summary>Those of the evaluated ones whose fidelity is not the front's.</summary>
    public int Lower { get; private set; }

    public int Duplicates { get; private set; }

    public int Failed { get; private set; }

    /// <exception cref="HoneException">A line is not what a run writes; the message names file and line.</exception>
    public static TrialColumns Read(string path, IReadOnlyList<Objective> objectives, int? fidelity = null)
    {
        var columns = new TrialColumns(objectives, fidelity);
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length > 0) FrontFile.Guarded($"{path}:{number}", () => columns.Add(line));
        }
        return columns;
    }

    private bool Add(string line)
    {
        using JsonDocument trial = JsonDocument.Parse(line);
        int ordinal = trial.RootElement.GetProperty("ordinal").GetInt32();
        Count++;
        if (trial.RootElement.TryGetProperty("rejected", out JsonElement why))
            Rejections.Add(ordinal, new Rejection(why.GetProperty("constraint").GetString()!, why.GetProperty("reason").GetString()!));
        else if (trial.RootElement.TryGetProperty("duplicate", out _)) Duplicates++;
        else if (trial.RootElement.TryGetProperty("failed", out _)) Failed++;
        else if (trial.RootElement.TryGetProperty("measurements", out JsonElement measurements) && measurements.GetArrayLength() > 0)
        {
            Evaluated++;
            if (_fidelity is not null && trial.RootElement.GetProperty("fidelity").GetInt32() != _fidelity)
            {
                Lower++;
                return true;
            }
            double? x = _across == FrontPlot.Ordinal ? ordinal : Value(measurements, _across.Metric), y = Value(measurements, _upward.Metric);
            if (x is null || y is null) return true;
            _ordinals.Add(ordinal);
            _x.Add(x.Value);
            _y.Add(y.Value);
            if (trial.RootElement.TryGetProperty("genes", out JsonElement genes)) AddGenes(genes);
            foreach (GeneColumn column in _genes) Fill(column, _ordinals.Count);
        }
        return true;
    }

    private void AddGenes(JsonElement genes)
    {
        foreach (JsonProperty gene in genes.EnumerateObject())
        {
            if (!_byName.TryGetValue(gene.Name, out var known))
            {
                known = (new GeneColumn(gene.Name, [""], []), new Dictionary<string, int>(StringComparer.Ordinal));
                _byName[gene.Name] = known;
                _genes.Add(known.Column);
            }
            string value = gene.Value.ToString();
            if (!known.Codes.TryGetValue(value, out int code))
            {
                known.Codes[value] = code = known.Column.Values.Count;
                known.Column.Values.Add(value);
            }
            Fill(known.Column, _ordinals.Count - 1);
            if (known.Column.At.Count < _ordinals.Count) known.Column.At.Add(code);   // a name given twice counts once
        }
    }

    private static void Fill(GeneColumn column, int count)
    {
        while (column.At.Count < count) column.At.Add(0);
    }

    // The first measurement of a metric is the one that counts.
    private static double? Value(JsonElement measurements, string metric)
    {
        foreach (JsonElement m in measurements.EnumerateArray())
            if (m.GetProperty("metric").ValueEquals(metric)) return m.GetProperty("value").GetDouble();
        return null;
    }
}
