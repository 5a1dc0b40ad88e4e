using System.Diagnostics;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;
using TorchSharp;

namespace Hone.Core.Tests.Neural;

public class QuasarVitTrainingTests
{
    private static readonly Lazy<byte[]> Uncut = new(() => Tiny.Train());

    /// <summary>Trains until the step, as a lost process would leave it: the last checkpoint and nothing else.</summary>
    private static byte[] CheckpointAt(long step)
    {
        using var trainer = new QuasarVitTrainer(Tiny.Config, Tiny.Images(96));
        while (trainer.Done < step) trainer.Next();
        return trainer.Checkpoint();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(23)]
    public void ARunCutAtAnyStepEndsInTheSameBytes(long step) =>
        Assert.Equal(BlobId.Of(Uncut.Value), BlobId.Of(Tiny.Train(checkpoint: new MemoryStream(CheckpointAt(step)))));

    /// <summary>The recipe's other choices.</summary>
    public static TheoryData<string> Recipes => ["teacher", "sandwich", "separate", "fixed scale", "own rate"];

    private static QuasarVitConfig Recipe(string name) => name switch
    {
        "teacher" => Tiny.Config with { TeacherEpochs = 1 },
        "sandwich" => Tiny.Config with { Sampling = Sampling.Sandwich },
        "separate" => Tiny.Config with { Entangled = false },
        "fixed scale" => Tiny.Config with { LearnLayerScale = false, LayerScale = 1 },
        _ => Tiny.Config with { QuantisedRate = 5e-4 },
    };

    [Theory]
    [MemberData(nameof(Recipes))]
    public void EveryRecipeGoesOnFromItsMiddleToTheSameBytesAndToOthersThanTheDefault(string name)
    {
        QuasarVitConfig config = Recipe(name);
        byte[] uncut = Tiny.Train(config);
        Assert.NotEqual(ArrayFile.Read(Uncut.Value).Get<float[]>("b1.qkv"), ArrayFile.Read(uncut).Get<float[]>("b1.qkv"));
        foreach (long step in new[] { 6L, 13 })   // the end of the teacher, and the quantised phase
        {
            using var trainer = new QuasarVitTrainer(config, Tiny.Images(96));
            while (trainer.Done < step) trainer.Next();
            Assert.Equal(BlobId.Of(uncut), BlobId.Of(Tiny.Train(config, new MemoryStream(trainer.Checkpoint()))));
        }
    }

    [Fact]
    public void AFixedLayerScaleStaysAndALearnedOneMoves()
    {
        foreach (bool learned in new[] { true, false })
        {
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Tiny.Train(Tiny.Config with { LearnLayerScale = learned }));
            float[] lam = evaluator.Extract(QuasarVitGenome.Largest(Tiny.Config)).Blocks[0].LayerScale1;
            Assert.Equal(learned, lam.Any(l => l != 0.1f));
        }
    }

    [Fact]
    public void SeparateRowsLearnApartFromOneAnother()
    {
        ArrayFile separate = ArrayFile.Read(Tiny.Train(Tiny.Config with { Entangled = false, Epochs = 8 }));
        Assert.NotEqual(separate.Get<float[]>("b1.qkv"), separate.Get<float[]>("b1.qkv.w4"));
        Assert.False(ArrayFile.Read(Uncut.Value).Has("b1.qkv.w4"));
    }

    [Fact]
    public void ANetTrainedAloneLearnsAndLeavesTheOthersUntrained()
    {
        QuasarVitConfig config = Tiny.Config with { Epochs = 40, PeakRate = 4e-3 };
        QuasarVitGenome genome = QuasarVitGenome.Smallest(config);
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(QuasarVitTraining.RunAlone(config, genome, 40, Tiny.Images(96), null, null, null, TimeProvider.System, default));
        ImageSet test = Tiny.Images(200, seed: 2);
        Assert.True(evaluator.Evaluate(genome, test).Accuracy > 0.6);
        Assert.True(evaluator.EvaluateFloat(genome, test).Accuracy > 0.6);
        Assert.Equal((ValueList<int>)[genome.Width], evaluator.Config.Widths);   // nothing larger is there, so first weights are those of its own sizes
        Assert.Equal((ValueList<int>)[genome.Depth], evaluator.Config.Depths);
    }

    [Fact]
    public void ANetAloneTrainsForThePassesItIsGivenAndGoesOnWhereItWasCut()
    {
        QuasarVitGenome genome = QuasarVitGenome.Smallest(Tiny.Config);
        byte[]? saved = null;
        using var source = new CancellationTokenSource();
        byte[] Run(double epochs, Stream? from = null, CancellationToken cancel = default) => QuasarVitTraining.RunAlone(Tiny.Config, genome, epochs, Tiny.Images(96), from, (_, write) =>
        {
            using var memory = new MemoryStream();
            write(memory);
            saved = memory.ToArray();
        }, new Tiny.Told(_ => source.Cancel()), TimeProvider.System, cancel);
        byte[] whole = Run(2.5);
        Assert.Equal(15, LossCurve.Read(ArrayFile.Read(whole)).Points().Last().Step);   // 2.5 times 96 / 16
        Assert.Throws<OperationCanceledException>(() => Run(2.5, cancel: source.Token));
        Assert.Equal(BlobId.Of(whole), BlobId.Of(Run(2.5, new MemoryStream(saved!))));
    }

    [Fact]
    public void FineTuningLowersTheLossOfItsNetAndTouchesNoRowOrder()
    {
        byte[] weights = Uncut.Value;
        ImageSet train = Tiny.Images(96);
        using QuasarVitEvaluator before = QuasarVitEvaluator.Open(weights);
        QuasarVitGenome genome = QuasarVitGenome.Random(Tiny.Config, new Chance(3, 1));
        var losses = new List<double>();
        byte[] tuned = QuasarVitTraining.Tune(Tiny.Config, weights, genome, before.SoftLabels(train, QuasarVitTraining.TunedImages(Tiny.Config, 20, train)), 20, 3e-3, train, new Tiny.Told(p => losses.Add(p.Values[0].Value)), TimeProvider.System, default);
        Assert.True(losses[^1] < losses[0], $"{losses[0]} -> {losses[^1]}");
        using QuasarVitEvaluator after = QuasarVitEvaluator.Open(tuned);
        Assert.True(after.Evaluate(genome, train).Right >= before.Evaluate(genome, train).Right);
        ArrayFile first = ArrayFile.Read(weights), last = ArrayFile.Read(tuned);
        for (int layer = 0; layer < 8; layer++) Assert.Equal(first.Get<int[]>($"order.{layer}"), last.Get<int[]>($"order.{layer}"));
    }

    [Fact]
    public void AFineTuningSeesTheImagesThatTheTeacherIsAskedForAndNoOthers()
    {
        ImageSet train = Tiny.Images(96);
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Uncut.Value);
        int[] few = QuasarVitTraining.TunedImages(Tiny.Config, 0.5, train);
        Assert.Equal(48, few.Length);
        Assert.Equal(Enumerable.Range(0, 96), QuasarVitTraining.TunedImages(Tiny.Config, 2, train));
        float[] some = evaluator.SoftLabels(train, few), all = evaluator.SoftLabels(train, [.. Enumerable.Range(0, 96)]);
        for (int i = 0; i < 96; i++) Assert.Equal(few.Contains(i) ? all[i * 3] : 0, some[i * 3]);
        QuasarVitGenome genome = QuasarVitGenome.Random(Tiny.Config, new Chance(3, 1));
        byte[] Tuned(float[] soft) => QuasarVitTraining.Tune(Tiny.Config, Uncut.Value, genome, soft, 0.5, 3e-3, train, null, TimeProvider.System, default);
        Assert.Equal(BlobId.Of(Tuned(all)), BlobId.Of(Tuned(some)));
        Assert.NotEqual(BlobId.Of(Tuned(all)), BlobId.Of(Tuned([])));
    }

    [Fact]
    public async Task AnotherProcessGoesOnToTheSameBytes()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, CheckpointAt(9));
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(QuasarVitTrainingTests).Assembly.Location);
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"{typeof(QuasarVitTrainingTests).FullName}.{nameof(TheOtherProcess)}");
            start.ArgumentList.Add("-explicit");
            start.ArgumentList.Add("only");
            start.Environment["HONE_TEST_CHECKPOINT"] = file;
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync() + await errors;
            await process.WaitForExitAsync();
            Assert.True(File.Exists(file + ".out"), output);
            Assert.Equal(BlobId.Of(Uncut.Value).Hex, File.ReadAllText(file + ".out"));
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".out");
        }
    }

    /// <summary>The child's half of <see cref="AnotherProcessGoesOnToTheSameBytes"/>; not run by itself.</summary>
    [Fact(Explicit = true)]
    public void TheOtherProcess()
    {
        string file = Environment.GetEnvironmentVariable("HONE_TEST_CHECKPOINT")!;
        File.WriteAllText(file + ".out", BlobId.Of(Tiny.Train(checkpoint: File.OpenRead(file))).Hex);
    }

    [Fact]
    public void TwoTrainingsAtOnceGiveTheBitsOfOneAlone()
    {
        byte[][] results = new byte[2][];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = Tiny.Train()))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.All(results, r => Assert.Equal(BlobId.Of(Uncut.Value), BlobId.Of(r)));
    }

    [Fact]
    public void TheDefaultTorchGeneratorIsNeverUsed()
    {
        byte[] before = State();
        Tiny.Train();
        Assert.Equal(before, State());

        static byte[] State()
        {
            using var scope = torch.NewDisposeScope();
            return torch.get_rng_state().bytes.ToArray();
        }
    }

    [Fact]
    public void EveryTensorIsGivenBack()
    {
        Tiny.Train();   // lets static caches fill
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        byte[] weights = Tiny.Train();
        using (QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(weights))
            evaluator.Evaluate(QuasarVitGenome.Largest(Tiny.Config), Tiny.Images(30));
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void TheNetLearnsWhichBandIsBright()
    {
        var losses = new List<double>();
        QuasarVitConfig config = Tiny.Config with { Epochs = 40, PeakRate = 4e-3 };
        byte[] weights = Tiny.Train(config, progress: new Tiny.Told(p => losses.Add(p.Values[0].Value)));
        Assert.True(losses[^1] < losses[0] - 0.2, $"{losses[0]} -> {losses[^1]}");
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(weights);
        ImageSet test = Tiny.Images(200, seed: 2);
        Assert.True(evaluator.Evaluate(QuasarVitGenome.Largest(config), test).Accuracy > 0.8);
        Assert.True(evaluator.Evaluate(QuasarVitGenome.Smallest(config), test).Accuracy > 0.6);
    }

    [Fact]
    public void ACancelledRunSavesWhereItStands()
    {
        using var source = new CancellationTokenSource();
        byte[]? saved = null;
        long at = 0;
        Assert.Throws<OperationCanceledException>(() => Tiny.Train(
            save: (step, write) =>
            {
                using var memory = new MemoryStream();
                write(memory);
                (at, saved) = (step, memory.ToArray());
            },
            progress: new Tiny.Told(_ => source.Cancel()), cancel: source.Token));
        Assert.Equal(10, at);
        Assert.Equal(BlobId.Of(Uncut.Value), BlobId.Of(Tiny.Train(checkpoint: new MemoryStream(saved!))));
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("gpu")]
    public void ADeviceThatTorchDoesNotSeeIsRefusedWithWhatIsNeeded(string device)
    {
        if (device == "cuda" && torch.cuda.is_available()) return;             // a GPU machine trains there
        Assert.Contains("-p:Torch=cuda", Assert.Throws<HoneException>(() => Tiny.Train(Tiny.Config with { Device = device })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AForeignOrDamagedCheckpointIsRefused()
    {
        byte[] checkpoint = CheckpointAt(2);
        Assert.Contains("another configuration", Assert.Throws<HoneException>(
            () => Tiny.Train(Tiny.Config with { Seed = 6 }, new MemoryStream(checkpoint))).Message, StringComparison.Ordinal);
        checkpoint[1000] ^= 1;
        Assert.Contains("SHA-256", Assert.Throws<HoneException>(() => Tiny.Train(checkpoint: new MemoryStream(checkpoint))).Message, StringComparison.Ordinal);
    }
}
