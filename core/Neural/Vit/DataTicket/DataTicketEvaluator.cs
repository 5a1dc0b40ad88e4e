using Hone.Model;
using Hone.Neural.Elastic;
using static TorchSharp.torch;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>A trained student under a rule of choosing patches, which need not be the one that it was trained under; float32. One caller at a time.</summary>
public sealed class DataTicketEvaluator : IDisposable
{
    private readonly DataTicketConfig _config;
    private readonly VitNet _student;
    private readonly VitNet? _selector;
    private readonly VitBatchRun _run;

    private DataTicketEvaluator(DataTicketConfig config, VitNet student, VitNet? selector, ValueList<LossPoint> curve) =>
        (_config, _student, _selector, _run, Curve) = (config, student, selector, new VitBatchRun(config.Shape, config.Student.Threads), curve);

    /// <summary>The loss of the student's training.</summary>
    public ValueList<LossPoint> Curve { get; }

    /// <param name="selector">Of <see cref="DataTicketTraining.Selector"/>; empty where no rule asks it.</param>
    /// <exception cref="HoneException">The bytes are not such weights, or are damaged.</exception>
    public static DataTicketEvaluator Open(DataTicketConfig config, ReadOnlySpan<byte> student, ReadOnlySpan<byte> selector) =>
        new(config, DataTicketTraining.OpenStudent(config, student), selector.IsEmpty ? null : DataTicketTraining.OpenSelector(config, selector),
            LossCurve.Read(ArrayFile.Read(student), DataTicketTraining.Curve).Points().ToValueList());

    /// <summary>Logits (N, classes) flattened.</summary>
    public float[] Logits(TicketRule rule, double keep, ImageSet images)
    {
        if (DataTicketTraining.NeedsSelector(rule) && _selector is null) throw new ArgumentException($"the rule {rule} asks a selector, and none is open");
        var choice = new TicketChoice(_config, rule, keep, _selector);
        return _run.Logits(images, (patches, from) => StudentRecipe.Forward(_student, patches, choice.Of(patches, ScalarType.Float32, new Chance(_config.Student.Seed, Streams.Masks, (uint)(1 << 30 | from))), ScalarType.Float32));
    }

    /// <summary>Which images it classifies correctly.</summary>
    public CorrectBits Evaluate(TicketRule rule, double keep, ImageSet images) => CorrectBits.Of(Logits(rule, keep, images), images.Labels, _config.Shape.Classes);

    /// <summary>Student and choice as plain arrays.</summary>
    /// <exception cref="ArgumentException">A rule that is no function of the image alone, or that a network cannot state.</exception>
    public VisionNet Extract(TicketRule rule, double keep) => _student.Export(choice: rule switch
    {
        TicketRule.All => null,
        TicketRule.Variance => new PatchChoice.ByVariance(_config.TicketSize(keep)),
        TicketRule.Ticket when _selector is not null => new PatchChoice.BySelector(
            _selector.Export(best: b => _config.Blocks.Span.Contains(b) ? new BestPatches(keep) : null, blocks: _config.Blocks[^1] + 1, prefix: "ticket.")),
        _ => throw new ArgumentException($"expected a rule that an exported network can follow ({TicketRule.All}, {TicketRule.Ticket}, {TicketRule.Variance}), got {rule}"),
    });

    public void Dispose()
    {
        _student.Dispose();
        _selector?.Dispose();
    }
}
