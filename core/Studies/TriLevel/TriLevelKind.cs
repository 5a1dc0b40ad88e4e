using Hone.Model;
using Hone.Neural.Vit.TriLevel;
using Hone.Studies.Images;

namespace Hone.Studies.TriLevel;

/// <summary>Tri-Level E-ViT (arXiv 2211.10801): how many examples, tokens and links a training from scratch may do without; each candidate is a training.</summary>
internal sealed class TriLevelKind : IStudyKind
{
    public string Method => "tri-level";

    public IStudy Open(StudySpec spec)
    {
        StudyMetrics.Check(spec, "accuracy", TriLevelWork.TrainingMacs, TriLevelWork.Macs);
        var study = new TriLevelStudy(spec, Settings(spec));
        return new TriLevelStudy(StudyMetrics.Resolved(spec, study.Space, study.Lower), study.Settings);
    }

    private static TriLevelSettings Settings(StudySpec spec)
    {
        SpecReader model = new(spec.Model, "model"), training = new(spec.Training, "training");
        TriLevelConfig start = new() { Shape = VitSections.Shape(spec, model) };
        int depth = start.Shape.Depth;
        TriLevelConfig config = start with
        {
            Run = VitSections.Run(spec, training, start.Run),
            Blocks = VitSections.Integers(model, "blocks", "model", [.. new[] { depth / 4, depth / 2, 3 * depth / 4 }.Distinct()]),
            Swapped = training.Number("swapped", start.Swapped, 0, 1),
            Swaps = training.Integer("swaps", start.Swaps, 0, 1_000),
            SwapEvery = training.Number("swap_every", start.SwapEvery, 0.001, 1),
            Begins = training.Number("begins", start.Begins, 0, 1),
            Holds = training.Number("holds", start.Holds, 0, 1),
            Rule = training.OneOf("examples", "forgetting", "forgetting", "random", "static") switch { "random" => ExampleRule.Random, "static" => ExampleRule.Static, _ => ExampleRule.Forgetting },
        };
        ValueList<double> removed = VitSections.Numbers(model, "removed", "model", [0, 0.1, 0.2, 0.3]), keep = VitSections.Numbers(model, "keep", "model", [1, 0.9, 0.8, 0.7]),
            links = VitSections.Numbers(model, "links", "model", [1, 0.5, 0.1]);
        ImageCounts counts = VitSections.Counts(spec, training);
        int bits = model.Integer("bits", 16, 4, 16);
        model.Done();
        training.Done();
        var settings = new TriLevelSettings(config, removed, keep, links, bits, counts with { Search = counts.Validation });   // a candidate is trained once: all of them rank it
        double most = removed.AsEnumerable().Max();
        if (spec.Data.Train > 0 && (1 - most) * spec.Data.Train < config.Run.Batch)
            throw new SpecException($"model.removed: expected shares that leave at least a batch of {config.Run.Batch} of data.train {spec.Data.Train}, got {most}; lower it or training.batch");
        foreach (double r in removed)
            foreach (double k in keep)
                foreach (double l in links) (config with { Removed = r, Swapped = Math.Min(config.Swapped, r), Keep = k, Links = l }).Check();
        return settings;
    }
}

/// <summary>What a Tri-Level study is made of besides its specification.</summary>
/// <param name="Bits">Of the fixed-point numbers that devices price inference in; nets train and are exported in float32.</param>
internal sealed record TriLevelSettings(TriLevelConfig Config, ValueList<double> Removed, ValueList<double> Keep, ValueList<double> Links, int Bits, ImageCounts Counts);
