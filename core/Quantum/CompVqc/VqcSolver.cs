using Hone.Model;
using Hone.Quantum.Gates;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.CompVqc;

/// <summary>One circuit's compression for one machine, round by round: what a solver does between two checkpoints.</summary>
public sealed class VqcSolver
{
    private readonly CompVqcConfig _config;
    private readonly Compression _compression;

    /// <param name="model">The circuit.</param>
    /// <param name="seed">Of the order of batches.</param>
    /// <param name="target">Whose gates make the compression table, and whose errors weigh where the way says so.</param>
    public VqcSolver(VqcModel model, VqcData train, CompVqcConfig config, ulong seed, VqcWay way, double rate, Target target)
    {
        _config = config;
        var options = new TranspileOptions();
        ValueList<(Gate Gate, int Angle)> parameters = model.Parameters;
        var table = new CompressionTable(parameters.AsEnumerable().Select(p => p.Gate), target.Basis, options);
        ValueList<GateWeight> weights = way == VqcWay.AdmmPlaced ? GateWeights.Placed(model, target, options) : GateWeights.Flat(parameters.Count, config.TwoQubitWeight);
        _compression = new Compression(new VqcTraining(model, train, config, seed), new Snapping(way.Rule(), parameters, table, weights, config.ScoreFloor), config, way.Schedule(),
            (int)Math.Round(rate * parameters.Count), way == VqcWay.AdmmCompiled ? new CompiledSavings(model, target, config.TwoQubitWeight) : null);
    }

    /// <summary>Training steps in all.</summary>
    public long Steps => (long)_config.Rounds * _config.RoundSteps + _config.FineTuneSteps;

    /// <summary>Training steps behind a state.</summary>
    public long StepsOf(CompressionState state) => (long)Math.Min(state.Round, _config.Rounds) * _config.RoundSteps + (state.Round > _config.Rounds ? _config.FineTuneSteps : 0);

    /// <inheritdoc cref="Compression.Begin"/>
    public CompressionState Begin(VqcState dense) => _compression.Begin(dense);

    /// <inheritdoc cref="Compression.Next"/>
    public CompressionState Next(CompressionState state) => _compression.Next(state);

    /// <inheritdoc cref="CompressionState.IsDone"/>
    public bool IsDone(CompressionState state) => state.IsDone(_config);
}
