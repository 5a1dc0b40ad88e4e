using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Contracts;

/// <summary>How far a solver was from agreement at a step.</summary>
/// <param name="Rho">The weight of the pull.</param>
[GenerateSerializer, Immutable]
[Alias("hone.solver-point")]
public sealed record SolverPoint([property: Id(0)] long Step, [property: Id(1)] double Rho, [property: Id(2)] double Primal, [property: Id(3)] double Dual);

/// <summary>Where a solver stands.</summary>
/// <param name="Checkpoint">Its primal, auxiliary and dual values, to go on from; null: it is at its beginning, or done.</param>
/// <param name="Points">Residuals that were heard of, the last one always among them.</param>
/// <param name="Solved">Whether it has ended.</param>
[GenerateSerializer, Immutable]
[Alias("hone.solver-status")]
public sealed record SolverStatus([property: Id(0)] TrainingCheckpoint? Checkpoint, [property: Id(1)] ValueList<SolverPoint> Points, [property: Id(2)] bool Solved);

/// <summary>One instance of the alternating direction method of multipliers; the key is that of its candidate's memo (<see cref="ISubnetGrain"/>), so studies that want the same share it.</summary>
[Alias("hone.admm-solver")]
public interface IAdmmSolverGrain : IGrainWithStringKey
{
    [Alias("status")]
    Task<SolverStatus> Status();

    /// <summary>Takes a checkpoint that leads further than the last; the last two are kept.</summary>
    /// <returns>The one to go on from.</returns>
    [Alias("checkpoint")]
    Task<TrainingCheckpoint?> Checkpoint(TrainingCheckpoint checkpoint);

    /// <param name="method">Of the study.</param>
    [AlwaysInterleave]
    [Alias("beat")]
    Task Heard(string method, Progress progress);

    /// <summary>It ended, and its result is durable: checkpoints are let go, residuals stay.</summary>
    /// <param name="found">What its evaluation measured.</param>
    [Alias("over")]
    Task Over(string method, ValueList<Measurement> found);
}
