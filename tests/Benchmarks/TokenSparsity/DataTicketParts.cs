using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit.DataTicket;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>A student: what it is trained on, and for how long.</summary>
/// <param name="EqualCompute">Trained for as many multiply-accumulates as a ticket's student, the selector's answers among them, not for as many epochs.</param>
/// <param name="Early">Whether the selector chooses in its first blocks, where a token is still little more than its patch.</param>
internal sealed record TicketArm(string Name, TicketRule Rule, bool EqualCompute = false, bool Early = false)
{
    public static TicketArm Ticket { get; } = new("ticket", TicketRule.Ticket);

    public static TicketArm AllPatches { get; } = new("all patches", TicketRule.All);

    private static TicketArm Variance { get; } = new("variance", TicketRule.Variance);

    private static TicketArm Centre { get; } = new("centre window", TicketRule.Centre);

    /// <summary>Tickets and what stands against them.</summary>
    public static ValueList<TicketArm> All { get; } =
    [
        Ticket, new("random", TicketRule.Random), Variance, Centre, new("anti-ticket", TicketRule.Anti), AllPatches, new("all patches, equal compute", TicketRule.All, EqualCompute: true),
    ];

    /// <summary>Tickets of a selector that chooses in its first blocks.</summary>
    public static ValueList<TicketArm> InFirstBlocks { get; } =
    [
        new("ticket, first blocks", TicketRule.Ticket, Early: true), new("random, first blocks", TicketRule.Random, Early: true), new("anti-ticket, first blocks", TicketRule.Anti, Early: true),
        Ticket, Variance, Centre, AllPatches,
    ];

    /// <summary>The same on another set of images, which no headline stands beside.</summary>
    public static ValueList<TicketArm> Beside { get; } = [.. InFirstBlocks.Span[..3], Variance, Centre, AllPatches];

    /// <summary>Rules that the student is tested under: its own, and what the paper's path b gives it.</summary>
    public TicketRule Tested => Rule == TicketRule.Random ? TicketRule.Ticket : Rule;
}

/// <summary>Tickets against random and ruled patches, equally long in epochs and in compute.</summary>
internal sealed class DataTicketParts(TokenScale scale, TokenImages images, double keep)
{
    private static readonly ValueList<TicketRule> Rules = [TicketRule.Variance, TicketRule.Centre];
    private readonly TicketChoices _choices = new(scale, images, keep);

    public EvidencePart Headline => Part("headline", "students on", TicketArm.All, scale.Seeds, "The selector prunes inside blocks 2, 4, 6, the published places of a net of eight blocks; part early has the places that are the default here.");

    /// <summary>The same with a selector that chooses earlier, and what is chosen.</summary>
    public EvidencePart Early
    {
        get
        {
            EvidencePart part = Part("early", "choosing in the selector's first three blocks, students on", TicketArm.InFirstBlocks, scale.Seeds,
                "First blocks: the selector prunes inside blocks 0, 1, 2 instead of a quarter, half and three quarters of the way; all else alike. Arms that do not say so are the headline's.",
                "Garment within the choice: of all lit pixels of the garments, those in chosen patches, over the test images.");
            return part with
            {
                Units = new(() => [.. part.Units.Value, .. scale.Seeds.SelectMany(s => (Unit[])[Choice(s, early: true), Choice(s, early: false)]), .. Rules.Select(Choice)]),
                Rows = findings => part.Rows(findings).Concat(Chosen(findings)),
            };
        }
    }

    /// <summary>Another set of images.</summary>
    public EvidencePart Plain => Part("plain", "choosing in the selector's first three blocks, students on", TicketArm.Beside, scale.Seeds.Take(3).ToValueList());

    private EvidencePart Part(string name, string what, ValueList<TicketArm> arms, ValueList<ulong> seeds, params ReadOnlySpan<string> more) => new(name,
        string.Create(CultureInfo.InvariantCulture, $"{images.Name}: {what} {new DataTicketConfig { Shape = images.Shape }.TicketSize(keep)} of {images.Shape.Patches} patches (r = {keep}), {seeds.Count} seeds"),
        new(() => seeds.SelectMany(s => arms.Select(a => Student(a, s))).ToValueList()), findings => Rows(findings, arms, seeds),
    [
        string.Create(CultureInfo.InvariantCulture, $"Students: {scale.StudentEpochs} epochs x {scale.TrainImages:#,0} images from scratch. Selector: the dense net ({scale.DenseEpochs} epochs), then {scale.SelectorEpochs} while it prunes; it has seen the labels of the same images. Random students are tested on the selector's patches (path b), all others under their own rule."),
        string.Create(CultureInfo.InvariantCulture, $"Accuracy on {scale.TestImages:#,0} images of the official test set, which nothing was chosen by. Intervals pair arms by seed and image. Costs count the selector's answers, one for each image; with its own training stands beside, pruning not taken off."),
        "Equal compute: as many multiply-accumulates as a ticket's training, a whole cosine of its own.",
        .. more,
    ]);

    private DataTicketConfig Config(ulong seed, bool early) => new()
    {
        Shape = images.Shape, Dense = scale.Run(seed), SelectorEpochs = scale.SelectorEpochs, Keeps = [keep], Blocks = early ? [0, 1, 2] : [2, 4, 6], Student = scale.Run(seed) with { Epochs = scale.StudentEpochs },
    };

    private Unit Selector(ulong seed, bool early)
    {
        DataTicketConfig config = Config(seed, early);
        Unit dense = DenseUnits.Of(images, scale, seed);
        return new Unit($"ticketselector/{images.Name}/{(early ? "early/" : "")}{seed}", Inputs(config), new Cost(scale.SelectorEpochs * scale.TrainImages, 0), [dense], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            return new UnitResult([], DataTicketTraining.SelectorFrom(config, run.Blob(dense), images.Train(seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel));
        }, leavesBlob: true);
    }

    private Unit Choice(ulong seed, bool early) => _choices.Of(early ? "first blocks" : "ticket", Selector(seed, early), Config(seed, early), Inputs(Config(seed, early)), seed);

    private Unit Choice(TicketRule rule) => _choices.Of(rule, Config(1, early: false), Inputs(Config(1, early: false)));

    private IEnumerable<EvidenceRow> Chosen(Findings findings)
    {
        JsonObject[] early = [.. scale.Seeds.Select(s => findings[Choice(s, early: true)])], late = [.. scale.Seeds.Select(s => findings[Choice(s, early: false)])];
        return
        [
            _choices.Accuracy("first blocks", early), _choices.Accuracy("ticket", late), _choices.Garment("ticket, first blocks", early), _choices.Garment("ticket", late),
            .. Rules.Select(r => _choices.Garment(TicketArm.All.First(a => a.Rule == r).Name, [findings[Choice(r)]])),
        ];
    }

    private Unit Student(TicketArm arm, ulong seed)
    {
        DataTicketConfig config = Config(seed, arm.Early);
        if (arm.EqualCompute) config = config with { Student = config.Student with { Epochs = scale.StudentEpochs * Macs(TicketRule.Ticket, config) / Macs(TicketRule.All, config) } };
        JsonObject inputs = Inputs(config);
        inputs["rule"] = arm.Rule.ToString();
        inputs["tested"] = arm.Tested.ToString();
        bool asks = DataTicketTraining.NeedsSelector(arm.Rule) || DataTicketTraining.NeedsSelector(arm.Tested);
        Unit selector = Selector(seed, arm.Early);
        double share = arm.Rule == TicketRule.All ? 1 : (double)config.TicketSize(keep) / images.Shape.Patches, passes = config.Student.Epochs * scale.TrainImages;
        return new Unit($"student/{images.Name}/{arm.Name}/{seed}", inputs, new Cost(share * passes, (DataTicketTraining.NeedsSelector(arm.Rule) ? 0.6 * scale.TrainImages : 0) + scale.TestImages), asks ? [selector] : [], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            byte[] chooser = asks ? run.Blob(selector) : [];
            byte[] student = DataTicketTraining.Student(config, arm.Rule, keep, chooser, images.Train(seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using DataTicketEvaluator evaluator = DataTicketEvaluator.Open(config, student, chooser);
            return new UnitResult(new JsonObject
            {
                ["right"] = Found.Bits(evaluator.Evaluate(arm.Tested, keep, images.Test)),
                ["tmacs"] = Math.Round(Macs(arm.Rule, config) / 1e12, 5),
                ["mmacs"] = Math.Round(Neural.Vit.VitWorkload.Macs(DataTicketWorkload.Lower(new Ticket(arm.Rule, keep), config, NumberFormat.F32)) / 1e6, 4),
            });
        });
    }

    private double Macs(TicketRule rule, DataTicketConfig config) => DataTicketWorkload.TrainingMacs(new Ticket(rule, keep), config, scale.TrainImages);

    /// <summary>Of the selector's own training; what pruning saves in its last epochs is not taken off.</summary>
    private double SelectorMacs()
    {
        DataTicketConfig config = Config(1, early: false);
        return (scale.DenseEpochs + scale.SelectorEpochs) * Macs(TicketRule.All, config) / config.Student.Epochs;
    }

    private JsonObject Inputs(DataTicketConfig config) => new()
    {
        ["revision"] = TokenScale.Revision, ["data"] = images.Name, ["content"] = images.Content, ["train"] = scale.TrainImages, ["test"] = scale.TestImages,
        ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options),
    };

    private IEnumerable<EvidenceRow> Rows(Findings findings, ValueList<TicketArm> arms, ValueList<ulong> seeds)
    {
        float[][][][] right = [.. seeds.Select(seed => (float[][][])[[.. arms.Select(a => CrossedBootstrap.Right((string)findings[Student(a, seed)]["right"]!, scale.TestImages))]])];
        Estimate?[] estimates = CrossedBootstrap.Of(right, (_, _, a) => [.. a, .. a.Skip(1).Select(other => a[0] - other)], seed: 1);
        double all = Cost(TicketArm.AllPatches, "tmacs"), one = Cost(TicketArm.AllPatches, "mmacs");
        double selector = SelectorMacs() / 1e12;
        for (int i = 0; i < arms.Count; i++)
        {
            double own = Cost(arms[i], "tmacs");
            bool asks = DataTicketTraining.NeedsSelector(arms[i].Rule) || DataTicketTraining.NeedsSelector(arms[i].Tested);
            yield return new(images.Name, arms[i].Name, "accuracy, %", Origin.Trained, estimates[i]!, Note: string.Create(CultureInfo.InvariantCulture,
                $"{own / all:P0} of the multiply-accumulates of training on all patches{(asks ? $", {(own + selector) / all:P0} with the selector's own training" : "")}; {Cost(arms[i], "mmacs") / one:P0} of an image's inference"));
        }
        for (int i = 1; i < arms.Count; i++) yield return new(images.Name, $"{arms[0].Name} minus {arms[i].Name}", "accuracy, points", Origin.Trained, estimates[arms.Count + i - 1]!, true);

        double Cost(TicketArm arm, string metric) => seeds.Average(s => (double)findings[Student(arm, s)][metric]!);
    }
}
