using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Studies.QuasarVit;

/// <summary>The computing side: trains the supernet, evaluates subnets with inherited weights, exports and checks members.</summary>
internal sealed class QuasarVitWork(QuasarVitStudy study, QuasarVitSettings settings, WorkPlace place) : IStudyWork
{
    private const int ParityImages = 1_000;
    private (ImageData Data, ImageSet Train, ImageSet Validation)? _images;
    private readonly Dictionary<int, ImageSet> _validation = [];
    private (BlobId Shared, QuasarVitEvaluator Evaluator)? _open;
    private (BlobId Shared, float[] Labels)? _soft;   // (N, C) of the training images, 0 for those that no fine-tuning sees

    public string Numerics => Neural.Numerics.Machine;

    public BlobId? Data => Images().Data.TrainId;

    public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        ImageSet train = Images().Train;
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        return place.Blobs.Put(QuasarVitTraining.Run(settings.Config, train, from, Saving(checkpointed), progress, place.Clock, cancel));
    }

    public ShardEnd Round(ShardRound round, BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        ImageSet train = Images().Train;
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        QuasarVitRoundEnd end = QuasarVitRounds.Run(settings.Config, train, round.Shard, Files(round), from, Saving(checkpointed), progress, place.Clock, cancel);
        return new ShardEnd(round.Shard, round.Of, round.Number, place.Blobs.Put(end.Begin), place.Blobs.Put(end.End), end.Last);
    }

    public BlobId Close(ShardRound round) => place.Blobs.Put(QuasarVitRounds.Close(settings.Config, Images().Train, Files(round)));

    private QuasarVitRound Files(ShardRound round) => new(round.Number, round.Before is { } before ? Bytes(before) : null, [.. round.Ends.Select(e => (ReadOnlyMemory<byte>)Bytes(e))]);

    private byte[] Bytes(BlobId blob)
    {
        using Stream stream = place.Blobs.Open(blob);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private Action<long, Action<Stream>> Saving(Action<BlobId, long> checkpointed) => (step, write) =>
    {
        using var bytes = new MemoryStream();
        write(bytes);
        checkpointed(place.Blobs.Put(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)), step);
    };

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel)
    {
        CorrectBits correct = Open(shared).Evaluate(QuasarVitGenome.From(candidate), Validation(images));
        byte[] bits = new byte[(images + 63) / 64 * 8];   // whole words
        correct.ToBytes().CopyTo(bits, 0);
        return new Evaluation([Accuracy("accuracy", correct)], bits);
    }

    public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel)
    {
        Candidate candidate = study.Space.Parse(member.Key);
        QuasarVitGenome genome = QuasarVitGenome.From(candidate);
        QuasarVitEvaluator evaluator = Open(shared);
        if (settings.TuneEpochs == 0) return Export(candidate, genome, evaluator, member, [], TrainingCurves.Json(("supernet", evaluator.Curve)), new After(progress, 0));
        using QuasarVitEvaluator tuned = Tune(shared, genome, progress, cancel);
        return Export(candidate, genome, tuned, member, [Accuracy("accuracy", tuned.Evaluate(genome, Validation(study.Spec.Finish.RankImages)))],
            TrainingCurves.Json(("supernet", evaluator.Curve), ("fine-tuning", tuned.Curve)), new After(progress, tuned.Curve[^1].Step));
    }

    /// <summary>Steps that follow others: the counter of a job only grows.</summary>
    private sealed class After(IProgress<Progress> progress, long before) : IProgress<Progress>
    {
        public void Report(Progress value) => progress.Report(value with { Step = before + value.Step, Steps = before + value.Steps });
    }

    /// <summary>The member trained on alone, on the training images, with the soft labels of the supernet's largest net.</summary>
    private QuasarVitEvaluator Tune(BlobId shared, QuasarVitGenome genome, IProgress<Progress> progress, CancellationToken cancel)
    {
        ImageSet train = Images().Train;
        if (_soft is not { } soft || soft.Shared != shared)
        {
            progress.Report(new Progress("asking the teacher", 0, 0));
            _soft = soft = (shared, Open(shared).SoftLabels(train, QuasarVitTraining.TunedImages(settings.Config, settings.TuneEpochs, train)));
        }
        return QuasarVitEvaluator.Open(QuasarVitTraining.Tune(settings.Config, Bytes(shared), genome, soft.Labels, settings.TuneEpochs, settings.TuneRate, train, progress, place.Clock, cancel));
    }

    private FinishedMember Export(
        Candidate candidate, QuasarVitGenome genome, QuasarVitEvaluator evaluator, FrontMember member, ValueList<Measurement> tuned, byte[] curves, IProgress<Progress> progress)
    {
        progress.Report(new Progress("test set", 1, 3));
        ImageData data = Images().Data;
        ImageSet test = data.LoadTest();
        if (study.Spec.Data.Test > 0) test = First(test, study.Spec.Data.Test);
        ValueList<Measurement> measured = [.. tuned, Accuracy("test_accuracy", evaluator.Evaluate(genome, test))];
        progress.Report(new Progress("export and parity", 2, 3));
        ImageSet parity = First(test, ParityImages);
        var manifest = new Manifest(Manifest.CurrentFormat, study.Spec.Study, study.Spec.Method, study.Spec.Seed, member.Ordinal, member.Key,
            Manifest.GenesOf(candidate), member.With(measured).Measurements,
            [new DataUse(study.Spec.Data.Name, "train", data.TrainId), new DataUse(study.Spec.Data.Name, "test", ImageData.IdOf(data.LoadTest()))]);
        string folder = Directory.CreateTempSubdirectory("hone-member-").FullName;
        try
        {
            ModelExport.Write(folder, manifest, QuasarVitExport.Model(evaluator.Extract(genome)), parity, evaluator.Logits(genome, parity), settings.Config.Threads,
                (TrainingCurves.FileName, curves));
            return new FinishedMember(measured, Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(Store).ToValueList());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => _open?.Evaluator.Dispose();

    private NamedBlob Store(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return new NamedBlob(Path.GetFileName(file), place.Blobs.Put(stream));
    }

    private QuasarVitEvaluator Open(BlobId shared)
    {
        if (_open is { } open && open.Shared == shared) return open.Evaluator;
        _open?.Evaluator.Dispose();
        QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Bytes(shared));
        _open = (shared, evaluator);
        return evaluator;
    }

    // One object per count: the evaluator keeps the codes of the set that it saw last.
    private ImageSet Validation(int count)
    {
        if (!_validation.TryGetValue(count, out ImageSet? images)) _validation[count] = images = First(Images().Validation, count);
        return images;
    }

    // Train and validation come from the training set alone; the search ranks on the first validation images.
    private (ImageData Data, ImageSet Train, ImageSet Validation) Images()
    {
        if (_images is { } images) return images;
        ImageShape? shape = study.Spec.Data.Name == "image-folder" ? new ImageShape(settings.Config.Side, settings.Config.Channels) : null;
        ImageData data = place.Data.Load(study.Spec.Data.Name, study.Spec.Data.Path, shape);
        ImageSet all = data.LoadTrain();
        int train = study.Spec.Data.Train > 0 ? study.Spec.Data.Train : all.Count - settings.ValidationImages;
        Split split = Splits.Carve(all, train, settings.SearchImages, settings.ValidationImages, study.Spec.Seed);
        _images = (data, all.Select(split.Train), all.Select(split.Validation));
        return _images.Value;
    }

    private static ImageSet First(ImageSet images, int count) => count >= images.Count ? images
        : images with { Pixels = images.Pixels[..(count * images.Stride)], Labels = images.Labels[..count] };

    // Percent, with the standard error of the images' sampling.
    private static Measurement Accuracy(string metric, CorrectBits correct) =>
        new(metric, Math.Round(100 * correct.Accuracy, 4), "%", Origin.Trained, Math.Round(100 * correct.StandardError, 4));
}
