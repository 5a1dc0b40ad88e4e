using Hone.Model;
using Hone.Neural.Vit.DataTicket;
using Hone.Studies.Images;

namespace Hone.Studies.DataTicket;

/// <summary>Data-level lottery tickets (arXiv 2211.01484): which patches a vision transformer needs to see from its first step on; each candidate is a student trained from scratch.</summary>
internal sealed class DataTicketKind : IStudyKind
{
    public string Method => "data-ticket";

    public IStudy Open(StudySpec spec)
    {
        StudyMetrics.Check(spec, "accuracy", DataTicketWork.TrainingMacs, DataTicketWork.Macs);
        var study = new DataTicketStudy(spec, Settings(spec));
        return new DataTicketStudy(StudyMetrics.Resolved(spec, study.Space, study.Lower), study.Settings);
    }

    private static DataTicketSettings Settings(StudySpec spec)
    {
        SpecReader model = new(spec.Model, "model"), training = new(spec.Training, "training");
        DataTicketConfig start = new() { Shape = VitSections.Shape(spec, model) };
        Neural.Vit.VitRun student = VitSections.Run(spec, training, start.Student);
        DataTicketConfig config = start with
        {
            Student = student,
            Dense = student with { Epochs = training.Number("selector_dense_epochs", student.Epochs, 0.01, 10_000) },
            SelectorEpochs = training.Number("selector_epochs", start.SelectorEpochs, 0, 10_000),
            SelectorRate = training.Number("selector_rate", start.SelectorRate, 1e-8, 1),
            Blocks = VitSections.Integers(model, "blocks", "model", [.. Enumerable.Range(0, Math.Min(start.Blocks.Count, start.Shape.Depth))]),
            Keeps = VitSections.Numbers(model, "keeps", "model", start.Keeps),
        };
        ImageCounts counts = VitSections.Counts(spec, training);
        int bits = model.Integer("bits", 16, 4, 16);
        model.Done();
        training.Done();
        config.Check();
        return new DataTicketSettings(config, bits, counts with { Search = counts.Validation });   // a student is trained once: all of them rank it
    }
}

/// <summary>What a data-ticket study is made of besides its specification.</summary>
/// <param name="Bits">Of the fixed-point numbers that devices price inference in; nets train and are exported in float32.</param>
internal sealed record DataTicketSettings(DataTicketConfig Config, int Bits, ImageCounts Counts);
