using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Data;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Studies.Images;

/// <summary>How many images do what in a study.</summary>
/// <param name="Search">Validation images that rank a candidate in search: the first of the validation set.</param>
/// <param name="Validation">Validation images in all, carved from the training set.</param>
internal sealed record ImageCounts(int Search, int Validation);

/// <summary>Reads the keys of a study's model and training sections that all methods on plain vision transformers share.</summary>
internal static class VitSections
{
    /// <summary>
    /// variant, side, channels, patch, classes, width, heads, depth, expansion, and of swin window; what is left out comes from the data set and the variant. Width and heads are the first stage's, and double
    /// from stage to stage.
    /// </summary>
    /// <exception cref="SpecException">A shape that no network, or not this data set, has.</exception>
    public static VitShape Shape(StudySpec spec, SpecReader model)
    {
        DataSetRecord data = DataCatalog.Default.Find(spec.Data.Name);
        VitFamily family = model.OneOf("variant", "deit", "deit", "lv-vit", "pit", "swin") switch
        {
            "lv-vit" => VitFamily.LvVit, "pit" => VitFamily.Pit, "swin" => VitFamily.Swin, _ => VitFamily.Deit,
        };
        VitShape start = SmallVits.Begin(VitShape.Of(data.Name), family);
        VitShape shape = start with
        {
            Side = model.Integer("side", start.Side, 8, 512),
            Channels = model.Integer("channels", start.Channels, 1, 3),
            Patch = model.Integer("patch", start.Patch, 1, 64),
            Classes = model.Integer("classes", start.Classes, 2, 256),
            Width = model.Integer("width", start.Width, 8, 4_096),
            Heads = model.Integer("heads", start.Heads, 1, 64),
            Depth = model.Integer("depth", start.Depth, 1, 64),
            Expansion = model.Integer("expansion", start.Expansion, 1, 16),
        };
        shape = shape with { Variant = SmallVits.Variant(shape, family, family == VitFamily.Swin ? model.Integer("window", 0, 0, 64) : 0) };
        shape.Check();
        Fit(data, shape.Channels, shape.Side, shape.Classes);
        return shape;
    }

    /// <exception cref="SpecException">The data set has other images than the model, or more classes.</exception>
    public static void Fit(DataSetRecord data, int channels, int side, int classes)
    {
        if (data.Height > 0 && (side, channels) != (data.Height, data.Channels) || data.ClassNames.Count > classes)
            throw new SpecException($"model: {data.Name} has images of {data.Channels}x{data.Height}x{data.Width} in {data.ClassNames.Count} classes, the model expects "
                + $"{channels}x{side}x{side} in {classes}: leave side, channels and classes out, or take another data set");
    }

    /// <summary>epochs, batch, peak_rate, final_rate, warm_up_epochs, weight_decay, label_smoothing, crop, flip, branches, threads, device.</summary>
    public static VitRun Run(StudySpec spec, SpecReader training, VitRun start) => start with
    {
        Epochs = training.Number("epochs", start.Epochs, 0, 10_000),
        Batch = training.Integer("batch", start.Batch, 1, 65_536),
        PeakRate = training.Number("peak_rate", start.PeakRate, 1e-8, 1),
        FinalRate = training.Number("final_rate", start.FinalRate, 0, 1),
        WarmUpEpochs = training.Number("warm_up_epochs", start.WarmUpEpochs, 0, 10_000),
        WeightDecay = training.Number("weight_decay", start.WeightDecay, 0, 1),
        Smoothing = training.Number("label_smoothing", start.Smoothing, 0, 0.9),
        Crop = training.Integer("crop", start.Crop, 0, 64),
        Flip = training.Flag("flip", start.Flip),
        Branches = training.OneOf("branches", "auto", "auto", "bfloat16", "float32") switch { "bfloat16" => Branches.BFloat16, "float32" => Branches.Float32, _ => Branches.Auto },
        Threads = training.Integer("threads", start.Threads, 1, 256),
        Device = training.Text("device", start.Device),
        Seed = spec.Seed,
    };

    /// <summary>search_images, validation_images.</summary>
    public static ImageCounts Counts(StudySpec spec, SpecReader training)
    {
        int search = training.Integer("search_images", 1_000, 10), validation = Math.Max(training.Integer("validation_images", 3_000, 10), spec.Finish.RankImages);
        return new ImageCounts(Math.Min(search, validation), validation);
    }

    /// <summary>A list of whole numbers.</summary>
    public static ValueList<int> Integers(SpecReader reader, string key, string where, ValueList<int> fallback) => List(reader, key, where, fallback, "whole numbers",
        (JsonNode node, out int number) => int.TryParse(node.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out number));

    /// <summary>A list of numbers.</summary>
    public static ValueList<double> Numbers(SpecReader reader, string key, string where, ValueList<double> fallback) => List(reader, key, where, fallback, "numbers",
        (JsonNode node, out double number) => double.TryParse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number));

    private delegate bool Parser<T>(JsonNode node, out T number);

    private static ValueList<T> List<T>(SpecReader reader, string key, string where, ValueList<T> fallback, string what, Parser<T> parse)
    {
        var list = reader.List(key);
        if (list.Count == 0) return fallback;
        return list.Select(node => parse(node, out T number) ? number : throw new SpecException($"{where}.{key}: expected {what}, got {node.ToJsonString()}")).ToValueList();
    }
}
