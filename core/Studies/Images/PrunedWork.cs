using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Studies.Images;

/// <summary>What studies of learned token pruning have in common: a net and selectors that all candidates share, thresholds set per plan, members fine-tuned, measured anew, exported and checked.</summary>
/// <param name="calibrationImages">Training images that a plan's thresholds are set on.</param>
internal abstract class PrunedWork(IStudy study, PruningConfig config, ImageCounts counts, int calibrationImages, WorkPlace place) : IStudyWork
{
    /// <summary>Mean multiply-accumulates of an image in millions, selectors included.</summary>
    public const string Macs = "mmacs";

    private readonly StudyImages _images = new(study.Spec, place.Data, new ImageShape(config.Shape.Side, config.Shape.Channels), counts.Search, counts.Validation);
    private (BlobId Shared, IPrunedNets Nets)? _open;

    public string Numerics => Neural.Numerics.Machine;

    public BlobId? Data => _images.Data.TrainId;

    protected TimeProvider Clock => place.Clock;

    /// <summary>Test images that the exported file is held against the trained net on.</summary>
    protected virtual int ParityImages => 1_000;

    /// <summary>Trains what candidates share.</summary>
    protected abstract byte[] Train(ImageSet train, Stream? checkpoint, Action<long, Action<Stream>> save, IProgress<Progress> progress, CancellationToken cancel);

    /// <summary>Fine-tunes a member under its own plan.</summary>
    protected abstract byte[] Tune(byte[] shared, PruningThresholds at, ImageSet train, IProgress<Progress> progress, CancellationToken cancel);

    /// <summary>Whether a plan is worth fine-tuning.</summary>
    protected abstract bool Tunes(PruningPlan plan);

    protected abstract IPrunedNets Open(byte[] weights);

    /// <summary>Writes a member's folder.</summary>
    protected abstract void Write(string folder, Manifest manifest, IPrunedNets nets, PruningThresholds at, ImageSet parity, float[] logits, (string, byte[]) beside);

    public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        return place.Blobs.Put(Train(_images.Train, from, MemberFiles.Saving(place.Blobs, checkpointed), progress, cancel));
    }

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel)
    {
        IPrunedNets nets = Open(shared);
        PruningThresholds at = nets.Calibrate(PruningSpace.Plan(candidate, config), _images.Calibration(calibrationImages));
        PruningOutcome outcome = nets.Evaluate(at, _images.Validation(images));
        return new Evaluation([Accuracies.Of("accuracy", outcome.Correct), Cost(Lower(at.Plan, outcome))], Accuracies.Words(outcome.Correct));
    }

    public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel)
    {
        Candidate candidate = study.Space.Parse(member.Key);
        PruningPlan plan = PruningSpace.Plan(candidate, config);
        IPrunedNets inherited = Open(shared);
        PruningThresholds at = inherited.Calibrate(plan, _images.Calibration(calibrationImages));
        if (!Tunes(plan)) return Export(candidate, member, inherited, at, [], progress, 0);
        using IPrunedNets tuned = Open(Tune(MemberFiles.Bytes(place.Blobs, shared), at, _images.Train, progress, cancel));
        at = tuned.Calibrate(plan, _images.Calibration(calibrationImages));
        ValueList<Neural.LossPoint> curve = tuned.Curves[^1].Points;
        return Export(candidate, member, tuned, at, [("fine-tuning", curve)], progress, curve[^1].Step);
    }

    private FinishedMember Export(Candidate candidate, FrontMember member, IPrunedNets nets, PruningThresholds at, ValueList<(string, ValueList<Neural.LossPoint>)> tuned, IProgress<Progress> progress, long before)
    {
        progress = new StepsAfter(progress, before);
        progress.Report(new Progress("validation and test set", 1, 3));
        PruningOutcome validation = nets.Evaluate(at, _images.Validation(study.Spec.Finish.RankImages));
        ImageSet test = _images.Test();
        PruningOutcome tested = nets.Evaluate(at, test);
        Workload found = Lower(at.Plan, validation);
        ValueList<Measurement> measured = [Accuracies.Of("accuracy", validation.Correct), .. Prices(found), Cost(found), Accuracies.Of("test_accuracy", tested.Correct)];
        progress.Report(new Progress("export and parity", 2, 3));
        ImageSet parity = StudyImages.First(test, ParityImages);
        var manifest = new Manifest(Manifest.CurrentFormat, study.Spec.Study, study.Spec.Method, study.Spec.Seed, member.Ordinal, member.Key,
            Manifest.GenesOf(candidate), member.With(measured).Measurements, _images.Uses());
        byte[] curves = TrainingCurves.Json([.. _open!.Value.Nets.Curves, .. tuned]);
        return new FinishedMember(measured, MemberFiles.Store(place.Blobs, folder => Write(folder, manifest, nets, at, parity, nets.Logits(at, parity), (TrainingCurves.FileName, curves))));
    }

    /// <summary>The costs on modelled devices at the token counts that were found: single images keep more or fewer than the plan says, and latency does not follow their mean alone.</summary>
    private IEnumerable<Measurement> Prices(Workload found) => study.Spec.Devices.Where(d => !DeviceCatalog.IsAttached(d))
        .SelectMany(d => DeviceMetric.Of(DeviceCatalog.Open(d).Price(Schedule.Once(found), null).Totals, d.Name, study.Spec.Devices.Count).AsEnumerable());

    private Workload Lower(PruningPlan plan, PruningOutcome outcome) =>
        plan.Blocks.Count == 0 ? PruningWorkload.Lower(plan, config) : PruningWorkload.Lower(plan, outcome.Kept, $"{outcome.Correct.Count} validation images", config);

    private static Measurement Cost(Workload workload) => new(Macs, Math.Round(VitWorkload.Macs(workload) / 1e6, 4), "1", Origin.Modelled);

    private IPrunedNets Open(BlobId shared)
    {
        if (_open is { } open && open.Shared == shared) return open.Nets;
        _open?.Nets.Dispose();
        IPrunedNets nets = Open(MemberFiles.Bytes(place.Blobs, shared));
        _open = (shared, nets);
        return nets;
    }

    public void Dispose() => _open?.Nets.Dispose();
}
