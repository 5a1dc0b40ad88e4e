using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Neural.Vit.TriLevel;
using Hone.Studies.Images;

namespace Hone.Studies.TriLevel;

/// <summary>The computing side: every candidate is trained from scratch, for a share of its epochs on lower rungs; members are exported as they were trained.</summary>
internal sealed class TriLevelWork(TriLevelStudy study, TriLevelSettings settings, WorkPlace place) : IStudyWork
{
    /// <summary>10^12 multiply-accumulates of the training, and 10^6 of one image's inference.</summary>
    public const string TrainingMacs = "train_tmacs", Macs = "mmacs";

    /// <summary>Of members, by the clock: seconds of the training, and its share of the time of a dense one.</summary>
    private const string Seconds = "train_s", Share = "train_time_share";

    private const int ParityImages = 1_000;
    private readonly StudyImages _images = new(study.Spec, place.Data, new ImageShape(settings.Config.Shape.Side, settings.Config.Shape.Channels), settings.Counts.Search, settings.Counts.Validation);

    public string Numerics => Neural.Numerics.Machine;

    public BlobId? Data => _images.Data.TrainId;

    public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel) => place.Blobs.Put("nothing is shared"u8);

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel) => Evaluate(shared, candidate, images, CandidateTraining.Of(1), cancel);

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CandidateTraining training, CancellationToken cancel)
    {
        byte[] weights = Train(candidate, training.Share, training.Checkpoint, training.Checkpointed, training.Progress, cancel);
        using TriLevelEvaluator evaluator = TriLevelEvaluator.Open(weights);
        Neural.CorrectBits correct = OnEngine.Correct(evaluator.Extract(), _images.Validation(images), settings.Config.Run.Threads);
        return new Evaluation([Accuracies.Of("accuracy", correct), .. Costs(evaluator.Config)], Accuracies.Words(correct), place.Blobs.Put(weights));
    }

    public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel) => Finish(shared, member, new TrainedCandidate(1, null), progress, cancel);

    public FinishedMember Finish(BlobId shared, FrontMember member, TrainedCandidate trained, IProgress<Progress> progress, CancellationToken cancel)
    {
        Candidate candidate = study.Space.Parse(member.Key);
        byte[] weights = trained.Weights is { } blob ? MemberFiles.Bytes(place.Blobs, blob) : Train(candidate, trained.Share, null, (_, _) => { }, progress, cancel);
        using TriLevelEvaluator evaluator = TriLevelEvaluator.Open(weights);
        long steps = evaluator.Curve[^1].Step;
        progress = new StepsAfter(progress, steps);
        progress.Report(new Progress("test set", 1, 4));
        ImageSet test = _images.Test();
        ValueList<Measurement> measured = [Accuracies.Of("test_accuracy", OnEngine.Correct(evaluator.Extract(), test, settings.Config.Run.Threads))];
        progress.Report(new Progress("time of the training", 2, 4));
        measured = [.. measured, .. Times(TriLevelStepBench.Whole(evaluator.Config, _images.Train, place.Clock))];
        progress.Report(new Progress("export and parity", 3, 4));
        ImageSet parity = StudyImages.First(test, ParityImages);
        var manifest = new Manifest(Manifest.CurrentFormat, study.Spec.Study, study.Spec.Method, study.Spec.Seed, member.Ordinal, member.Key,
            Manifest.GenesOf(candidate), member.With(measured).Measurements, _images.Uses());
        return new FinishedMember(measured, MemberFiles.Store(place.Blobs, folder => ModelExport.Write(
            folder, manifest, evaluator.Extract(), parity, evaluator.Logits(parity), settings.Config.Run.Threads, (TrainingCurves.FileName, TrainingCurves.Json(("training", evaluator.Curve))))));
    }

    private byte[] Train(Candidate candidate, double share, BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        TriLevelConfig config = TriLevelSpace.Config(candidate, settings.Config);
        config = config with { Run = config.Run with { Epochs = config.Run.Epochs * share, WarmUpEpochs = config.Run.WarmUpEpochs * share } };
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        return TriLevelTraining.Run(config, _images.Train, from, MemberFiles.Saving(place.Blobs, checkpointed), progress, place.Clock, cancel);
    }

    private IEnumerable<Measurement> Costs(TriLevelConfig config) =>
    [
        new(TrainingMacs, Math.Round(TriLevelWorkload.TrainingMacs(config, _images.Train.Count) / 1e12, 6), "1", Origin.Modelled),
        new(Macs, Math.Round(VitWorkload.Macs(TriLevelWorkload.Lower(config, NumberFormat.Int(settings.Bits))) / 1e6, 4), "1", Origin.Modelled),
    ];

    private static IEnumerable<Measurement> Times(TrainingTime time) =>
    [
        new(Seconds, Math.Round(time.Seconds, 2), "s", Origin.Measured, Math.Round(time.SecondsError, 2)),
        new(Share, Math.Round(time.Share, 4), "1", Origin.Measured, Math.Round(time.ShareError, 4)),
    ];

    public void Dispose()
    {
    }
}
