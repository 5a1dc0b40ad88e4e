using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Studies.Images;

namespace Hone.Studies.QuasarVit;

/// <summary>The computing side: trains the supernet, evaluates subnets with inherited weights, exports and checks members.</summary>
internal sealed class QuasarVitWork(QuasarVitStudy study, QuasarVitSettings settings, WorkPlace place) : IStudyWork
{
    private const int ParityImages = 1_000;
    private readonly StudyImages _images = new(study.Spec, place.Data, new ImageShape(settings.Config.Side, settings.Config.Channels), settings.SearchImages, settings.ValidationImages);
    private (BlobId Shared, QuasarVitEvaluator Evaluator)? _open;
    private (BlobId Shared, float[] Labels)? _soft;   // (N, C) of the training images, 0 for those that no fine-tuning sees

    public string Numerics => Neural.Numerics.Machine;

    public BlobId? Data => _images.Data.TrainId;

    public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        ImageSet train = _images.Train;
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        return place.Blobs.Put(QuasarVitTraining.Run(settings.Config, train, from, MemberFiles.Saving(place.Blobs, checkpointed), progress, place.Clock, cancel));
    }

    public ShardEnd Round(ShardRound round, BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        ImageSet train = _images.Train;
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        QuasarVitRoundEnd end = QuasarVitRounds.Run(settings.Config, train, round.Shard, Files(round), from, MemberFiles.Saving(place.Blobs, checkpointed), progress, place.Clock, cancel);
        return new ShardEnd(round.Shard, round.Of, round.Number, place.Blobs.Put(end.Begin), place.Blobs.Put(end.End), end.Last);
    }

    public BlobId Close(ShardRound round) => place.Blobs.Put(QuasarVitRounds.Close(settings.Config, _images.Train, Files(round)));

    private QuasarVitRound Files(ShardRound round) => new(round.Number, round.Before is { } before ? Bytes(before) : null, [.. round.Ends.Select(e => (ReadOnlyMemory<byte>)Bytes(e))]);

    private byte[] Bytes(BlobId blob) => MemberFiles.Bytes(place.Blobs, blob);

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel)
    {
        CorrectBits correct = Open(shared).Evaluate(QuasarVitGenome.From(candidate), _images.Validation(images));
        return new Evaluation([Accuracies.Of("accuracy", correct)], Accuracies.Words(correct));
    }

    public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel)
    {
        Candidate candidate = study.Space.Parse(member.Key);
        QuasarVitGenome genome = QuasarVitGenome.From(candidate);
        QuasarVitEvaluator evaluator = Open(shared);
        if (settings.TuneEpochs == 0) return Export(candidate, genome, evaluator, member, [], TrainingCurves.Json(("supernet", evaluator.Curve)), new StepsAfter(progress, 0));
        using QuasarVitEvaluator tuned = Tune(shared, genome, progress, cancel);
        return Export(candidate, genome, tuned, member, [Accuracies.Of("accuracy", tuned.Evaluate(genome, _images.Validation(study.Spec.Finish.RankImages)))],
            TrainingCurves.Json(("supernet", evaluator.Curve), ("fine-tuning", tuned.Curve)), new StepsAfter(progress, tuned.Curve[^1].Step));
    }

    /// <summary>The member trained on alone, on the training images, with the soft labels of the supernet's largest net.</summary>
    private QuasarVitEvaluator Tune(BlobId shared, QuasarVitGenome genome, IProgress<Progress> progress, CancellationToken cancel)
    {
        ImageSet train = _images.Train;
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
        ImageSet test = _images.Test();
        ValueList<Measurement> measured = [.. tuned, Accuracies.Of("test_accuracy", evaluator.Evaluate(genome, test))];
        progress.Report(new Progress("export and parity", 2, 3));
        ImageSet parity = StudyImages.First(test, ParityImages);
        var manifest = new Manifest(Manifest.CurrentFormat, study.Spec.Study, study.Spec.Method, study.Spec.Seed, member.Ordinal, member.Key,
            Manifest.GenesOf(candidate), member.With(measured).Measurements, _images.Uses());
        return new FinishedMember(measured, MemberFiles.Store(place.Blobs, folder => ModelExport.Write(
            folder, manifest, QuasarVitExport.Model(evaluator.Extract(genome)), parity, evaluator.Logits(genome, parity), settings.Config.Threads, (TrainingCurves.FileName, curves))));
    }

    public void Dispose() => _open?.Evaluator.Dispose();

    private QuasarVitEvaluator Open(BlobId shared)
    {
        if (_open is { } open && open.Shared == shared) return open.Evaluator;
        _open?.Evaluator.Dispose();
        QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Bytes(shared));
        _open = (shared, evaluator);
        return evaluator;
    }
}
