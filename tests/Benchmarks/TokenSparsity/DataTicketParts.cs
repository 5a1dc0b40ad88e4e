using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit.DataTicket;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>Tickets against random and ruled patches, equally long in epochs and in compute.</summary>
internal sealed class DataTicketParts(TokenScale scale, TokenImages images, double keep)
{
    private static readonly ValueList<TicketRule> Rules = [TicketRule.Variance, TicketRule.Centre];
    private readonly TicketChoices _choices = new(scale, images, keep);

    public EvidencePart Headline => Part("headline", "students on", TicketArm.All, scale.Seeds, "These blocks are the published places in a net of eight; part early has the places that are the default here.");

    /// <summary>The same with a selector that chooses earlier, and what is chosen.</summary>
    public EvidencePart Early => WithChoices(
        Part("early", "choosing in the selector's first three blocks, students on", TicketArm.InFirstBlocks, scale.Seeds,
            "First blocks: all but the blocks as in the headline, whose arms are those that do not say so.", Garment),
        [TicketRecipe.Early, TicketRecipe.Published], Rules);

    /// <summary>Choosing there with selectors and students that had the sheet's epochs and crops, and what is chosen.</summary>
    public EvidencePart Longer => WithChoices(
        Part("longer", "trained for longer, on crops; students on", TicketArm.ForLonger, scale.Seeds, Garment), [TicketRecipe.Longer], Rules);

    /// <summary>The same beside all patches.</summary>
    public EvidencePart LongerAll => Part("longer-all", "trained for longer, on crops; students on all patches beside", TicketArm.ForLongerBesideAll, Some);

    /// <summary>Another set of images.</summary>
    public EvidencePart Beside(string name) => Part(name, "choosing in the selector's first three blocks, students on", TicketArm.Beside, Some);

    private ValueList<ulong> Some => scale.Seeds.Take(3).ToValueList();

    private static string Garment => "Garment within the choice: of all lit pixels of the garments, those in chosen patches, over the test images.";

    /// <summary>A part that tells what selectors and rules choose, besides what students make of it.</summary>
    private EvidencePart WithChoices(EvidencePart part, ValueList<TicketRecipe> recipes, ValueList<TicketRule> rules) => part with
    {
        Units = new(() => [.. part.Units.Value, .. scale.Seeds.SelectMany(s => recipes.Select(r => Choice(s, r))), .. rules.Select(Choice)]),
        Rows = findings => part.Rows(findings).Concat(Chosen(findings, recipes, rules)),
    };

    private EvidencePart Part(string name, string what, ValueList<TicketArm> arms, ValueList<ulong> seeds, params ReadOnlySpan<string> more) => new(name,
        string.Create(CultureInfo.InvariantCulture, $"{images.Name}: {what} {new DataTicketConfig { Shape = images.Shape }.TicketSize(keep)} of {images.Shape.Patches} patches (r = {keep}), {seeds.Count} seeds"),
        new(() => seeds.SelectMany(s => arms.Select(a => Student(a, s))).ToValueList()), findings => Rows(findings, arms, seeds),
    [
        .. Trained(Config(1, arms[0].Recipe)),
        "Equal compute: as many multiply-accumulates as a ticket's training, a whole cosine of its own.",
        .. more,
    ]);

    // How students and selectors of a part were trained, and tested.
    private IEnumerable<string> Trained(DataTicketConfig config)
    {
        bool repeats = (config.Student.Crop, config.Student.Flip) == (0, false);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Students: {config.Student.Epochs} epochs x {scale.TrainImages:#,0} images from scratch{TokenScale.Changed(config.Student.Crop, config.Student.Flip)}. Selector: the dense net ({scale.DenseEpochs} epochs), then {config.SelectorEpochs} at a rate of {config.SelectorRate}{(repeats ? "" : ", on such images too,")} while it prunes inside blocks {string.Join(", ", config.Blocks)}; it has seen the labels of the same images. Random students are tested on the selector's patches (path b), all others under their own rule.");
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Accuracy on {scale.TestImages:#,0} images of the official test set, which nothing was chosen by. Intervals pair arms by seed and image. Costs count the selector's answers, {(repeats ? "one for each image" : "one each time that an image comes by")}; with its own training stands beside, pruning not taken off.");
    }

    private DataTicketConfig Config(ulong seed, TicketRecipe recipe) => recipe.Change(new()
    {
        Shape = images.Shape, Dense = scale.Run(seed), SelectorEpochs = scale.SelectorEpochs, Keeps = [keep], Student = scale.Run(seed) with { Epochs = scale.StudentEpochs },
    });

    private Unit Selector(ulong seed, TicketRecipe recipe)
    {
        DataTicketConfig config = Config(seed, recipe);
        Unit dense = DenseUnits.Of(images, scale, seed);
        return new Unit($"ticketselector/{images.Name}/{recipe.Folder}{seed}", Inputs(config), new Cost(config.SelectorEpochs * scale.TrainImages, 0), [dense], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            return new UnitResult([], DataTicketTraining.SelectorFrom(config, run.Blob(dense), images.Train(seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel));
        }, leavesBlob: true);
    }

    private static string Selector(TicketRecipe recipe) => recipe.Name.Length == 0 ? "ticket" : recipe.Name;

    private Unit Choice(ulong seed, TicketRecipe recipe) => _choices.Of(Selector(recipe), Selector(seed, recipe), Config(seed, recipe), Inputs(Config(seed, recipe)), seed);

    private Unit Choice(TicketRule rule) => _choices.Of(rule, Config(1, TicketRecipe.Published), Inputs(Config(1, TicketRecipe.Published)));

    private IEnumerable<EvidenceRow> Chosen(Findings findings, ValueList<TicketRecipe> recipes, ValueList<TicketRule> rules) =>
    [
        .. recipes.Select(r => _choices.Accuracy(Selector(r), Over(findings, r))),
        .. recipes.Select(r => _choices.Garment(new TicketArm(TicketRule.Ticket, r).Name, Over(findings, r))),
        .. rules.Select(r => _choices.Garment(TicketArm.NameOf(r), [findings[Choice(r)]])),
    ];

    private JsonObject[] Over(Findings findings, TicketRecipe recipe) => [.. scale.Seeds.Select(s => findings[Choice(s, recipe)])];

    private Unit Student(TicketArm arm, ulong seed)
    {
        DataTicketConfig config = Config(seed, arm.Recipe);
        if (arm.EqualCompute) config = config with { Student = config.Student with { Epochs = config.Student.Epochs * Macs(TicketRule.Ticket, config) / Macs(TicketRule.All, config) } };
        JsonObject inputs = Inputs(config);
        inputs["rule"] = arm.Rule.ToString();
        inputs["tested"] = arm.Tested.ToString();
        bool asks = DataTicketTraining.NeedsSelector(arm.Rule) || DataTicketTraining.NeedsSelector(arm.Tested);
        Unit selector = Selector(seed, arm.Recipe);
        double share = arm.Rule == TicketRule.All ? 1 : (double)config.TicketSize(keep) / images.Shape.Patches, passes = config.Student.Epochs * scale.TrainImages;
        double answers = !DataTicketTraining.NeedsSelector(arm.Rule) ? 0 : DataTicketTraining.AsksOnce(config, arm.Rule) ? 0.6 * scale.TrainImages : 0.3 * passes;
        return new Unit($"student/{images.Name}/{arm.Name}/{seed}", inputs, new Cost(share * passes, answers + scale.TestImages), asks ? [selector] : [], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            byte[] chooser = asks ? run.Blob(selector) : [];
            byte[] student = DataTicketTraining.Student(config, arm.Rule, keep, chooser, images.Train(seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using DataTicketEvaluator evaluator = DataTicketEvaluator.Open(config, student, chooser);
            return new UnitResult(new JsonObject
            {
                ["right"] = Found.Bits(evaluator.Evaluate(arm.Tested, keep, images.Test)),
                ["tmacs"] = Math.Round(Macs(arm.Rule, config) / 1e12, 5),
                ["mmacs"] = Math.Round(Inference(arm.Rule, config) / 1e6, 4),
            });
        });
    }

    private double Macs(TicketRule rule, DataTicketConfig config) => DataTicketWorkload.TrainingMacs(new Ticket(rule, keep), config, scale.TrainImages);

    private double Inference(TicketRule rule, DataTicketConfig config) => Neural.Vit.VitWorkload.Macs(DataTicketWorkload.Lower(new Ticket(rule, keep), config, NumberFormat.F32));

    /// <summary>Of the selector's own training; what pruning saves in its last epochs is not taken off.</summary>
    private double SelectorMacs(TicketRecipe recipe)
    {
        DataTicketConfig config = Config(1, recipe);
        return (scale.DenseEpochs + config.SelectorEpochs) * Macs(TicketRule.All, config) / config.Student.Epochs;
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
        DataTicketConfig first = Config(1, arms[0].Recipe);
        double all = Macs(TicketRule.All, first) / 1e12, one = Inference(TicketRule.All, first) / 1e6;
        for (int i = 0; i < arms.Count; i++)
        {
            double own = Cost(arms[i], "tmacs"), selector = SelectorMacs(arms[i].Recipe) / 1e12;
            bool asks = DataTicketTraining.NeedsSelector(arms[i].Rule) || DataTicketTraining.NeedsSelector(arms[i].Tested);
            yield return new(images.Name, arms[i].Name, "accuracy, %", Origin.Trained, estimates[i]!, Note: string.Create(CultureInfo.InvariantCulture,
                $"{own / all:P0} of the multiply-accumulates of training on all patches{(asks ? $", {(own + selector) / all:P0} with the selector's own training" : "")}; {Cost(arms[i], "mmacs") / one:P0} of an image's inference"));
        }
        for (int i = 1; i < arms.Count; i++) yield return new(images.Name, $"{arms[0].Name} minus {arms[i].Name}", "accuracy, points", Origin.Trained, estimates[arms.Count + i - 1]!, true);

        double Cost(TicketArm arm, string metric) => seeds.Average(s => (double)findings[Student(arm, s)][metric]!);
    }
}
