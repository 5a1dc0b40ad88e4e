using Hone.Data;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Studies.Images;

namespace Hone.Studies.QuasarVit;

/// <summary>Quasar-ViT (arXiv 2407.18175): one entangled supernet, searched under a device's model, its front exported as integers.</summary>
internal sealed class QuasarVitKind : IStudyKind
{
    public string Method => "quasar-vit";

    public IStudy Open(StudySpec spec)
    {
        if (spec.Devices.Count == 0) throw new SpecException("devices: expected at least one device to price candidates (for example zcu102-eighth), got none");
        StudyMetrics.Check(spec, "accuracy");
        var study = new QuasarVitStudy(spec, Settings(spec));
        return new QuasarVitStudy(StudyMetrics.Resolved(spec, study.Space, study.Lower), study.Settings);
    }

    private static QuasarVitSettings Settings(StudySpec spec)
    {
        SpecReader model = new(spec.Model, "model"), training = new(spec.Training, "training");
        DataSetRecord data = DataCatalog.Default.Find(spec.Data.Name);
        QuasarVitConfig start = data.Name switch
        {
            "fashion-mnist" => QuasarVitConfig.FashionMnist,
            "fashion-clutter" => QuasarVitConfig.FashionClutter,
            _ => QuasarVitConfig.Cifar10,
        };
        QuasarVitConfig config = start with
        {
            Side = model.Integer("side", start.Side, 8, 512),
            Patch = model.Integer("patch", start.Patch, 1, 64),
            Channels = model.Integer("channels", start.Channels, 1, 3),
            Classes = model.Integer("classes", start.Classes, 2, 256),
            Widths = VitSections.Integers(model, "widths", "model", start.Widths),
            Depths = VitSections.Integers(model, "depths", "model", start.Depths),
            Heads = VitSections.Integers(model, "heads", "model", start.Heads),
            Expansions = VitSections.Integers(model, "expansions", "model", start.Expansions),
            HeadWidth = model.Integer("head_width", start.HeadWidth, 1, 1_024),
            LayerScale = model.Number("layer_scale", start.LayerScale, 1e-6, 10),
            LearnLayerScale = model.Flag("learn_layer_scale", start.LearnLayerScale),
            Entangled = model.Flag("entangled", start.Entangled),
            Sampling = training.OneOf("sampling", "alternate", "alternate", "sandwich") == "sandwich" ? Sampling.Sandwich : Sampling.Alternate,
            TeacherEpochs = training.Integer("teacher_epochs", start.TeacherEpochs, 0, 10_000),
            Epochs = training.Integer("epochs", start.Epochs, 1, 10_000),
            Batch = training.Integer("batch", start.Batch, 1, 65_536),
            FloatShare = training.Number("float_share", start.FloatShare, 0, 0.95),
            PeakRate = training.Number("peak_rate", start.PeakRate, 1e-8, 1),
            QuantisedRate = training.Number("quantised_rate", start.QuantisedRate, 0, 1),
            WarmUpEpochs = training.Number("warm_up_epochs", start.WarmUpEpochs, 0, 10_000),
            WeightDecay = training.Number("weight_decay", start.WeightDecay, 0, 1),
            LabelSmoothing = training.Number("label_smoothing", start.LabelSmoothing, 0, 0.9),
            Distillation = training.Number("distillation", start.Distillation, 0, 100),
            Crop = training.Integer("crop", start.Crop, 0, 64),
            Flip = training.Flag("flip", start.Flip),
            Branches = training.OneOf("branches", "auto", "auto", "bfloat16", "float32") switch { "bfloat16" => Branches.BFloat16, "float32" => Branches.Float32, _ => Branches.Auto },
            Threads = training.Integer("threads", start.Threads, 1, 256),
            Device = training.Text("device", start.Device),
            Rounds = Rounds(training),
            Images = spec.Data.Train,
            Seed = spec.Seed,
        };
        ImageCounts images = VitSections.Counts(spec, training);
        double tune = training.Number("tune_epochs", 0, 0, 1_000), tuneRate = training.Number("tune_rate", 5e-4, 1e-8, 1);
        model.Done();
        training.Done();
        config.Check();
        VitSections.Fit(data, config.Channels, config.Side, config.Classes);
        return new QuasarVitSettings(config, images.Search, images.Validation, tune, tuneRate);
    }

    // Everything about rounds goes with shards: a study without them is the one it was. The constants are those that lost least in the sample's few rounds; DiLoCo's (0.7, 0.9) are for many.
    private static LocalSgd? Rounds(SpecReader training)
    {
        int shards = training.Integer("shards", 1, 1, 1_024);
        var rounds = new LocalSgd(shards, training.Integer("inner_steps", 50, 1, 1_000_000), training.Number("outer_rate", 1, 1e-3, 2), training.Number("outer_momentum", 0.3, 0, 0.999));
        return shards == 1 ? null : rounds;
    }
}

/// <summary>What a Quasar-ViT study is made of besides its specification.</summary>
/// <param name="SearchImages">Validation images that rank a candidate in search: the first of the validation set.</param>
/// <param name="ValidationImages">Validation images in all, carved from the training set.</param>
/// <param name="TuneEpochs">Fine-tuning of each chosen member, in passes over the training images; 0: none.</param>
/// <param name="TuneRate">Its peak learning rate.</param>
internal sealed record QuasarVitSettings(QuasarVitConfig Config, int SearchImages, int ValidationImages, double TuneEpochs, double TuneRate);
