using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;

namespace Hone.Neural.Vit;

/// <summary>Trained weights as a file: latent backbone and selectors, the scales of activations, the dense teacher and the losses of all trainings.</summary>
internal static class HeatVitModel
{
    public const string QuantCurve = "quantised/";
    private const string Format = "heatvit weights 1", Backbone = "backbone/", Selectors = "selectors/";

    public static byte[] Write(HeatVitConfig config, PruningNet net, VitNet teacher, HeatVitScales scales, LossCurve dense, LossCurve joint, LossCurve quantised)
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        file.Add("config", JsonSerializer.Serialize(config, StudyJson.Options));
        teacher.Arena.Save(file, PruningModel.Teacher);
        net.Backbone.Arena.Save(file, Backbone);
        net.Selectors.Save(file, Selectors);
        scales.Save(file);
        dense.Save(file, PruningModel.DenseCurve);
        joint.Save(file, PruningModel.JointCurve);
        quantised.Save(file, QuantCurve);
        return file.ToBytes();
    }

    /// <exception cref="HoneException">Not such weights, or damaged.</exception>
    public static ArrayFile Open(ReadOnlySpan<byte> bytes)
    {
        ArrayFile file = ArrayFile.Read(bytes);
        string format = file.Get<string>("format");
        return format == Format ? file : throw new HoneException($"expected '{Format}', got '{format}': these weights are of another kind or version");
    }

    public static HeatVitConfig Config(ArrayFile file) => JsonSerializer.Deserialize<HeatVitConfig>(file.Get<string>("config"), StudyJson.Options)!;

    /// <summary>The latent net; the caller disposes of it.</summary>
    public static PruningNet Net(ArrayFile file, PruningConfig config)
    {
        var net = new PruningNet(config);
        net.Backbone.Arena.Load(file, Backbone);
        net.Selectors.Load(file, Selectors);
        return net;
    }

    public static HeatVitScales Scales(ArrayFile file)
    {
        var scales = new HeatVitScales();
        scales.Load(file);
        return scales;
    }
}
