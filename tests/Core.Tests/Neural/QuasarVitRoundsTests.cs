using Hone.Model;
using Hone.Neural;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural;

public class QuasarVitRoundsTests
{
    // 96 images in batches of 16: 6 steps an epoch, 3 of each shard; 12 steps of each shard in rounds of 3, 3, 3 and 3, quantised from the third on.
    private static readonly QuasarVitConfig Config = Tiny.Config with { Rounds = new LocalSgd(2, 3, 0.7, 0.9) };
    private static readonly ImageSet Images = Tiny.Images(96);
    private static readonly Lazy<byte[]> Plain = new(() => Train(Config, (round, shard) => Run(Config, shard, round)));

    private static QuasarVitRoundEnd Run(QuasarVitConfig config, int shard, QuasarVitRound round, Stream? checkpoint = null, Action<long, Action<Stream>>? save = null, CancellationToken cancel = default) =>
        QuasarVitRounds.Run(config, Images, shard, round, checkpoint, save, null, TimeProvider.System, cancel);

    /// <summary>All rounds and the closing; how a shard's round is run is the caller's.</summary>
    private static byte[] Train(QuasarVitConfig config, Func<QuasarVitRound, int, QuasarVitRoundEnd> run, bool backwards = false)
    {
        var round = new QuasarVitRound(0, null, []);
        while (true)
        {
            var ends = new QuasarVitRoundEnd[config.Rounds!.Shards];
            for (int i = 0; i < ends.Length; i++)
            {
                int shard = backwards ? ends.Length - 1 - i : i;
                ends[shard] = run(round, shard);
            }
            Assert.All(ends, e => Assert.Equal(ends[0].Begin, e.Begin));
            Assert.All(ends, e => Assert.Equal(ends[0].Last, e.Last));
            round = new QuasarVitRound(round.Number + 1, ends[0].Begin, [.. ends.Select(e => (ReadOnlyMemory<byte>)e.End)]);
            if (ends[0].Last) return QuasarVitRounds.Close(config, Images, round);
        }
    }

    [Fact]
    public void TheOrderOfTheShardsChangesNothing() =>
        Assert.Equal(BlobId.Of(Plain.Value), BlobId.Of(Train(Config, (round, shard) => Run(Config, shard, round), backwards: true)));

    [Fact]
    public void ARoundThatWasCutAnywhereEndsInTheSameBytes()
    {
        Assert.Equal(BlobId.Of(Plain.Value), BlobId.Of(Train(Config, (round, shard) =>
        {
            using var source = new CancellationTokenSource();
            byte[]? saved = null;
            source.Cancel();   // before the first step: the checkpoint is of the round's beginning, with its rows ordered
            Assert.Throws<OperationCanceledException>(() => Run(Config, shard, round, save: (_, write) => saved = Bytes(write), cancel: source.Token));
            return Run(Config, shard, round, new MemoryStream(saved!));
        })));

        static byte[] Bytes(Action<Stream> write)
        {
            using var memory = new MemoryStream();
            write(memory);
            return memory.ToArray();
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.7, 0.9)]
    public void WhatIsLearnedIsWorthMuchMoreThanChance(double rate, double momentum)
    {
        QuasarVitConfig config = Tiny.Config with { Epochs = 40, Rounds = new LocalSgd(2, 12, rate, momentum) };
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Train(config, (round, shard) => Run(config, shard, round)), 1);
        Assert.InRange(evaluator.Evaluate(QuasarVitGenome.Largest(config), Tiny.Images(300, seed: 2)).Accuracy, 0.7, 1);   // chance: 1/3
        Assert.Equal(120, evaluator.Curve[^1].Step);
    }

    [Fact]
    public void ShardsDrawDifferentImagesAndTogetherThoseOfPlainTraining()
    {
        var round = new QuasarVitRound(0, null, []);
        Assert.NotEqual(Run(Config, 0, round).End, Run(Config, 1, round).End);
    }

    [Fact]
    public void ThatWhichDoesNotFitIsRefused()
    {
        QuasarVitRoundEnd[] ends = [.. Enumerable.Range(0, 2).Select(shard => Run(Config, shard, new QuasarVitRound(0, null, [])))];
        ReadOnlyMemory<byte>[] files = [.. ends.Select(e => (ReadOnlyMemory<byte>)e.End)];
        Assert.Contains("the ends of 2 shards, got a state and 1 ends", Refused(() => Run(Config, 0, new QuasarVitRound(1, ends[0].Begin, files[..1]))), StringComparison.Ordinal);
        Assert.Contains("got no state", Refused(() => Run(Config, 0, new QuasarVitRound(1, null, files))), StringComparison.Ordinal);
        Assert.Contains("expected the ends of round 1, got a shard's state of step 3", Refused(() => Run(Config, 0, new QuasarVitRound(2, ends[0].Begin, files))), StringComparison.Ordinal);
        Assert.Contains("shard 1 of 2: expected 0 of 2", Refused(() => Run(Config, 0, new QuasarVitRound(1, ends[0].Begin, [files[1], files[0]]))), StringComparison.Ordinal);
        Assert.Contains("at least two rounds in the 12 steps", Refused(() => Run(Config with { Rounds = new LocalSgd(2, 7, 0.7, 0.9) }, 0, new QuasarVitRound(0, null, []))), StringComparison.Ordinal);

        static string Refused(Action run) => Assert.ThrowsAny<HoneException>(run).Message;
    }

    [Theory]
    [InlineData(1, 8, 0.7, 0.9)]
    [InlineData(2, 0, 0.7, 0.9)]
    [InlineData(2, 8, 0, 0.9)]
    [InlineData(2, 8, double.NaN, 0.9)]
    [InlineData(2, 8, 0.7, 1)]
    public void RoundsThatAreNoneAreRefused(int shards, int steps, double rate, double momentum) =>
        Assert.Throws<SpecException>(() => (Config with { Rounds = new LocalSgd(shards, steps, rate, momentum) }).Check());

    [Fact]
    public void TheOuterStepIsNesterovsOnTheMeanMove()
    {
        float[] values = [1, 2], momentum = [0.5f, 0];
        OuterStep.Apply(values, momentum, [[2, 2], [4, 4]], new LocalSgd(2, 1, 0.5, 0.8));
        // moves 2 and 1; momenta 0.8 * 0.5 + 2 = 2.4 and 1; values 1 + 0.5 (2 + 0.8 * 2.4), 2 + 0.5 (1 + 0.8)
        Assert.Equal([2.4f, 1f], momentum);
        Assert.Equal([2.96f, 2.9f], values);
        OuterStep.Apply(values, momentum, [[1, 2], [3, 4]], new LocalSgd(2, 1, 1, 0));
        Assert.Equal([2f, 3f], values);   // the plain mean
    }

    [Fact]
    public void AnswersThatShardsGaveStandInTheOrderOfTheShards() =>
        Assert.Equal([9, 9, 4, 5, 8, 8], OuterStep.Written([0, 0, 4, 5, 6, 7], [[9, 9, 4, 5, 3, 3], [0, 0, 4, 5, 8, 8]], 2));
}
