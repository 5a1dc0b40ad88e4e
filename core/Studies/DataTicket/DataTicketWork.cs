using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Neural.Vit.DataTicket;
using Hone.Studies.Images;

namespace Hone.Studies.DataTicket;

/// <summary>The computing side: one selector for all, a student per candidate; members are exported with whoever chooses their patches.</summary>
internal sealed class DataTicketWork(DataTicketStudy study, DataTicketSettings settings, WorkPlace place) : IStudyWork
{
    /// <summary>10^12 multiply-accumulates of the student's training (the selector's forward passes among them, its own training not), and 10^6 of one image's inference.</summary>
    public const string TrainingMacs = "train_tmacs", Macs = "mmacs";

    private const int ParityImages = 1_000;
    private readonly StudyImages _images = new(study.Spec, place.Data, new ImageShape(settings.Config.Shape.Side, settings.Config.Shape.Channels), settings.Counts.Search, settings.Counts.Validation);

    public string Numerics => Neural.Numerics.Machine;

    public BlobId? Data => _images.Data.TrainId;

    public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        return place.Blobs.Put(DataTicketTraining.Selector(settings.Config, _images.Train, from, MemberFiles.Saving(place.Blobs, checkpointed), progress, place.Clock, cancel));
    }

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel) => Evaluate(shared, candidate, images, CandidateTraining.Of(1), cancel);

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CandidateTraining training, CancellationToken cancel)
    {
        byte[] selector = MemberFiles.Bytes(place.Blobs, shared);
        byte[] student = Train(selector, candidate, training.Share, training.Checkpoint, training.Checkpointed, training.Progress, cancel);
        using DataTicketEvaluator evaluator = DataTicketEvaluator.Open(settings.Config, student, selector);
        Ticket ticket = DataTicketSpace.Of(candidate, settings.Config);
        Neural.CorrectBits correct = OnEngine.Correct(evaluator.Extract(ticket.Tested, ticket.Keep), _images.Validation(images), settings.Config.Student.Threads);
        return new Evaluation([Accuracies.Of("accuracy", correct), .. Costs(ticket, candidate, training.Share)], Accuracies.Words(correct), place.Blobs.Put(student));
    }

    public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel) => Finish(shared, member, new TrainedCandidate(1, null), progress, cancel);

    public FinishedMember Finish(BlobId shared, FrontMember member, TrainedCandidate trained, IProgress<Progress> progress, CancellationToken cancel)
    {
        Candidate candidate = study.Space.Parse(member.Key);
        byte[] selector = MemberFiles.Bytes(place.Blobs, shared);
        byte[] student = trained.Weights is { } blob ? MemberFiles.Bytes(place.Blobs, blob) : Train(selector, candidate, trained.Share, null, (_, _) => { }, progress, cancel);
        using DataTicketEvaluator evaluator = DataTicketEvaluator.Open(settings.Config, student, selector);
        Ticket ticket = DataTicketSpace.Of(candidate, settings.Config);
        progress = new StepsAfter(progress, evaluator.Curve[^1].Step);
        progress.Report(new Progress("test set", 1, 3));
        ImageSet test = _images.Test();
        ValueList<Measurement> measured = [Accuracies.Of("test_accuracy", OnEngine.Correct(evaluator.Extract(ticket.Tested, ticket.Keep), test, settings.Config.Student.Threads))];
        progress.Report(new Progress("export and parity", 2, 3));
        ImageSet parity = StudyImages.First(test, ParityImages);
        var manifest = new Manifest(Manifest.CurrentFormat, study.Spec.Study, study.Spec.Method, study.Spec.Seed, member.Ordinal, member.Key,
            Manifest.GenesOf(candidate), member.With(measured).Measurements, _images.Uses());
        return new FinishedMember(measured, MemberFiles.Store(place.Blobs, folder => ModelExport.Write(folder, manifest, evaluator.Extract(ticket.Tested, ticket.Keep), parity,
            evaluator.Logits(ticket.Tested, ticket.Keep, parity), settings.Config.Student.Threads, (TrainingCurves.FileName, TrainingCurves.Json(("student", evaluator.Curve))))));
    }

    private byte[] Train(byte[] selector, Candidate candidate, double share, BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        progress.Report(new Progress("reading images", 0, 0));
        Ticket ticket = DataTicketSpace.Of(candidate, settings.Config);
        using Stream? from = checkpoint is { } at ? place.Blobs.Open(at) : null;
        return DataTicketTraining.Student(Shortened(share), ticket.Rule, ticket.Keep, selector, _images.Train, from, MemberFiles.Saving(place.Blobs, checkpointed), progress, place.Clock, cancel);
    }

    private DataTicketConfig Shortened(double share) =>
        settings.Config with { Student = settings.Config.Student with { Epochs = settings.Config.Student.Epochs * share, WarmUpEpochs = settings.Config.Student.WarmUpEpochs * share } };

    private IEnumerable<Measurement> Costs(Ticket ticket, Candidate candidate, double share) =>
    [
        new(TrainingMacs, Math.Round(DataTicketWorkload.TrainingMacs(ticket, Shortened(share), _images.Train.Count) / 1e12, 6), "1", Origin.Modelled),
        new(Macs, Math.Round(VitWorkload.Macs(study.Lower(candidate)) / 1e6, 4), "1", Origin.Modelled),
    ];

    public void Dispose()
    {
    }
}
