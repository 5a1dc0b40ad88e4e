using System.Diagnostics;
using Hone.Model;
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
