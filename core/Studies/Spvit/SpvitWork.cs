using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Studies.Images;

namespace Hone.Studies.Spvit;

/// <summary>The computing side: trains dense net and selectors, evaluates plans with shared weights, fine-tunes, exports and checks members.</summary>
internal sealed class SpvitWork(SpvitStudy study, SpvitSettings settings, WorkPlace place) : IStudyWork
{
    /// <summary>Mean multiply-accumulates of an image in millions, selectors included.</summary>
    public const string Macs = "mmacs";

    private const int ParityImages = 1_000;
    private readonly StudyImages _images = new(study.Spec, place.Data, new ImageShape(settings.Config.Shape.Side, settings.Config.Shape.Channels), settings.Counts.Search, settings.Counts.Validation);
    private (BlobId Shared, PruningEvaluator Evaluator)? _open;

    public string Numerics => Neural.Numerics.Machine;

    public BlobId? Data => _images.Data.TrainId;

    public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        return place.Blobs.Put(PruningTraining.Run(settings.Config, _images.Train, from, MemberFiles.Saving(place.Blobs, checkpointed), progress, place.Clock, cancel,
            settings.Checkpoint is { } file ? PublishedWeights.Read(file) : null));
    }

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel)
    {
        PruningEvaluator evaluator = Open(shared);
        PruningThresholds at = evaluator.Calibrate(PruningSpace.Plan(candidate, settings.Config), _images.Calibration(settings.CalibrationImages));
        PruningOutcome outcome = evaluator.Evaluate(at, _images.Validation(images));
        return new Evaluation([Accuracies.Of("accuracy", outcome.Correct), Cost(Lower(at.Plan, outcome))], Accuracies.Words(outcome.Correct));
    }

    public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel)
    {
        Candidate candidate = study.Space.Parse(member.Key);
        PruningPlan plan = PruningSpace.Plan(candidate, settings.Config);
        PruningEvaluator inherited = Open(shared);
        PruningThresholds at = inherited.Calibrate(plan, _images.Calibration(settings.CalibrationImages));
        if (plan.Blocks.Count == 0 || settings.Config.TuneEpochs == 0) return Export(candidate, member, inherited, at, [], progress, 0);
        byte[] weights = PruningTraining.Tune(settings.Config, MemberFiles.Bytes(place.Blobs, shared), at, _images.Train, null, null, progress, place.Clock, cancel);
        using PruningEvaluator tuned = PruningEvaluator.Open(weights);
        at = tuned.Calibrate(plan, _images.Calibration(settings.CalibrationImages));
        return Export(candidate, member, tuned, at, [("fine-tuning", tuned.JointCurve)], progress, tuned.JointCurve[^1].Step);
    }

    private FinishedMember Export(Candidate candidate, FrontMember member, PruningEvaluator evaluator, PruningThresholds at, ValueList<(string, ValueList<Neural.LossPoint>)> tuned, IProgress<Progress> progress, long before)
    {
        progress = new StepsAfter(progress, before);
        progress.Report(new Progress("validation and test set", 1, 3));
        PruningOutcome validation = evaluator.Evaluate(at, _images.Validation(study.Spec.Finish.RankImages));
        ImageSet test = _images.Test();
        PruningOutcome tested = evaluator.Evaluate(at, test);
        Workload found = Lower(at.Plan, validation);
        ValueList<Measurement> measured = [Accuracies.Of("accuracy", validation.Correct), .. Prices(found), Cost(found), Accuracies.Of("test_accuracy", tested.Correct)];
        progress.Report(new Progress("export and parity", 2, 3));
        ImageSet parity = StudyImages.First(test, ParityImages);
        var manifest = new Manifest(Manifest.CurrentFormat, study.Spec.Study, study.Spec.Method, study.Spec.Seed, member.Ordinal, member.Key,
            Manifest.GenesOf(candidate), member.With(measured).Measurements, _images.Uses());
        PruningEvaluator shared = _open!.Value.Evaluator;
        byte[] curves = TrainingCurves.Json([("dense", shared.DenseCurve), ("selectors", shared.JointCurve), .. tuned]);
        return new FinishedMember(measured, MemberFiles.Store(place.Blobs, folder => ModelExport.Write(
            folder, manifest, evaluator.Extract(at), parity, evaluator.Logits(at, parity), settings.Config.Dense.Threads, (TrainingCurves.FileName, curves))));
    }

    /// <summary>The costs on modelled devices at the token counts that were found: single images keep more or fewer than the plan says, and latency does not follow their mean alone.</summary>
    private IEnumerable<Measurement> Prices(Workload found) => study.Spec.Devices.Where(d => !DeviceCatalog.IsAttached(d))
        .SelectMany(d => DeviceMetric.Of(DeviceCatalog.Open(d).Price(Schedule.Once(found), null).Totals, d.Name, study.Spec.Devices.Count).AsEnumerable());

    private Workload Lower(PruningPlan plan, PruningOutcome outcome) =>
        plan.Blocks.Count == 0 ? PruningWorkload.Lower(plan, settings.Config) : PruningWorkload.Lower(plan, outcome.Kept, $"{outcome.Correct.Count} validation images", settings.Config);

    private static Measurement Cost(Workload workload) => new(Macs, Math.Round(VitWorkload.Macs(workload) / 1e6, 4), "1", Origin.Modelled);

    private PruningEvaluator Open(BlobId shared)
    {
        if (_open is { } open && open.Shared == shared) return open.Evaluator;
        _open?.Evaluator.Dispose();
        PruningEvaluator evaluator = PruningEvaluator.Open(MemberFiles.Bytes(place.Blobs, shared));
        _open = (shared, evaluator);
        return evaluator;
    }

    public void Dispose() => _open?.Evaluator.Dispose();
}
