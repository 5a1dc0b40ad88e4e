using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;

namespace Hone.Neural.Vit;

/// <summary>Trained weights as a file: the dense teacher, the backbone and the selectors that learned together, and, of one that was fine-tuned, its plan and thresholds.</summary>
internal static class PruningModel
{
    public const string Teacher = "teacher/", DenseCurve = "dense/", JointCurve = "joint/";
    private const string Format = "pruned weights 1", Backbone = "backbone/", Selectors = "selectors/";

    public static byte[] Write(PruningNet net, VitNet teacher, LossCurve dense, LossCurve joint)
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        file.Add("config", JsonSerializer.Serialize(net.Config, StudyJson.Options));
        teacher.Arena.Save(file, Teacher);
        net.Backbone.Arena.Save(file, Backbone);
        net.Selectors.Save(file, Selectors);
        dense.Save(file, DenseCurve);
        joint.Save(file, JointCurve);
        return file.ToBytes();
    }

    /// <exception cref="HoneException">Not such weights, or damaged.</exception>
    public static ArrayFile Open(ReadOnlySpan<byte> bytes)
    {
        ArrayFile file = ArrayFile.Read(bytes);
        string format = file.Get<string>("format");
        return format == Format ? file : throw new HoneException($"expected '{Format}', got '{format}': these weights are of another kind or version");
    }

    public static PruningConfig Config(ArrayFile file) => JsonSerializer.Deserialize<PruningConfig>(file.Get<string>("config"), StudyJson.Options)!;

    /// <summary>The net that learned with selectors; the caller disposes of it.</summary>
    public static PruningNet Net(ArrayFile file, PruningConfig config)
    {
        var net = new PruningNet(config);
        net.Backbone.Arena.Load(file, Backbone);
        net.Selectors.Load(file, Selectors);
        return net;
    }

    /// <summary>The dense net; the caller disposes of it.</summary>
    public static VitNet Dense(ArrayFile file, PruningConfig config)
    {
        var net = new VitNet(config.Shape, config.Dense.Seed, config.Dense.Device);
        net.Arena.Load(file, Teacher);
        return net;
    }
}
