using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;

namespace Hone.Neural.Vit;

/// <summary>What a shard's round, or the closing of the last one, is made from.</summary>
/// <param name="Number">The round, from 0; for <see cref="QuasarVitRounds.Close"/> how many there were.</param>
/// <param name="Before">The state that the round before began with; null in the first.</param>
/// <param name="Ends">Where the shards of the round before ended, in their order; none in the first.</param>
public sealed record QuasarVitRound(int Number, ReadOnlyMemory<byte>? Before, IReadOnlyList<ReadOnlyMemory<byte>> Ends);

/// <summary>Where a shard's round ended.</summary>
/// <param name="End">The shard's state: what the next round averages and the shard itself goes on from.</param>
/// <param name="Begin">The state that this round began with, the same bytes from every shard.</param>
/// <param name="Last">Whether all steps are made.</param>
public sealed record QuasarVitRoundEnd(byte[] End, byte[] Begin, bool Last);

/// <summary>
/// The training of a supernet in rounds (<see cref="LocalSgd"/>). Every shard computes the outer step for itself, from the same files, so there is nobody to wait for but the shards;
/// phases begin and rows are ordered at the beginning of a round alone, where all shards are equal.
/// </summary>
public static class QuasarVitRounds
{
    /// <summary>One shard's round. A run cut anywhere and gone on with ends in the same bytes.</summary>
    /// <param name="checkpoint">Of the same shard and round, or null.</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">Unfit images or files, or a loss that is not a number.</exception>
    public static QuasarVitRoundEnd Run(
        QuasarVitConfig config, ImageSet train, int shard, QuasarVitRound round, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress,
        TimeProvider time, CancellationToken cancel) => On(config, train, shard, trainer =>
    {
        QuasarVitRoundState begin = Open(config, trainer, round, shard);
        long from = trainer.Done, until = Math.Min(from + config.Rounds!.Steps, trainer.Steps);
        if (checkpoint is not null) trainer.Restore(TrainingRun.Bytes(checkpoint));
        if (trainer.Done < from || trainer.Done > until) throw new HoneException($"expected a shard's state of round {round.Number} (steps {from} to {until}), got one of step {trainer.Done}");
        TrainingRun.Drive(trainer, until, save, progress, time, cancel);
        return new QuasarVitRoundEnd(trainer.Checkpoint(), begin.ToBytes(), until == trainer.Steps);
    });

    /// <summary>The weights after the last round, in the form of <see cref="QuasarVitTraining.Run"/>.</summary>
    public static byte[] Close(QuasarVitConfig config, ImageSet train, QuasarVitRound round) => On(config, train, 0, trainer =>
    {
        GoOn(config, trainer, round, 0);
        for (int shard = 1; shard < round.Ends.Count; shard++) trainer.Curve.Join(ArrayFile.Read(round.Ends[shard].Span));
        return trainer.Weights();
    });

    private static T On<T>(QuasarVitConfig config, ImageSet train, int shard, Func<QuasarVitTrainer, T> work)
    {
        if (config.Rounds is not { } rounds || shard < 0 || shard >= rounds.Shards) throw new ArgumentException($"expected a shard of a training in rounds, got {shard} of {config.Rounds}");
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        using var trainer = new QuasarVitTrainer(config, train, shard: shard);
        return work(trainer);
    }

    // Takes the trainer to the first step of the round.
    private static QuasarVitRoundState Open(QuasarVitConfig config, QuasarVitTrainer trainer, QuasarVitRound round, int shard)
    {
        float[]? momentum = round.Number == 0 ? null : GoOn(config, trainer, round, shard);
        if (trainer.Done != (long)round.Number * config.Rounds!.Steps) throw new HoneException($"expected the ends of round {round.Number - 1}, got a shard's state of step {trainer.Done}");
        trainer.Open();
        return trainer.Begin(momentum);
    }

    // From the ends of the round before: the outer step. Returns its momentum.
    private static float[] GoOn(QuasarVitConfig config, QuasarVitTrainer trainer, QuasarVitRound round, int shard)
    {
        if (round.Before is not { } before || round.Ends.Count != config.Rounds!.Shards)
            throw new HoneException($"round {round.Number}: expected the state that the round before began with and the ends of {config.Rounds?.Shards} shards, got {(round.Before is null ? "no state" : "a state")} and {round.Ends.Count} ends");
        QuasarVitRoundState begin = QuasarVitRoundState.Read(before.Span).After([.. round.Ends.Select(e => ArrayFile.Read(e.Span))], config.Rounds, config.Classes);
        trainer.Restore(round.Ends[shard].Span);
        trainer.Take(begin);
        return begin.Momentum;
    }
}
