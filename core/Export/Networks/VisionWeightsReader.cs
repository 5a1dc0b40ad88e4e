using System.Globalization;
using Hone.Model;

namespace Hone.Export;

/// <summary>Reads what <see cref="VisionWeightsWriter"/> wrote; whether it fits together is <see cref="VisionNetCheck"/>'s question.</summary>
/// <param name="before">Of the names of a network inside another.</param>
internal sealed class VisionWeightsReader(SafeTensorsFile file, string before = "")
{
    private const int MaxNumber = 1 << 20;   // no side, count or stride comes near

    /// <exception cref="HoneException">A tensor or an entry is missing or of another form.</exception>
    public VisionNet Read()
    {
        var input = new PixelInput(Whole("channels"), Whole("side"), Floats("pixel.scale"), Floats("pixel.offset"));
        List<ConvLayer> stem = [];
        for (int i = 0; i < Whole("stem"); i++) stem.Add(Conv($"stem{i}"));
        List<VisionStage> stages = [];
        int index = 0;
        for (int s = 0; s < Whole("stages"); s++)
        {
            List<VisionBlock> blocks = [];
            for (int b = 0; b < Whole($"stage{s}.blocks"); b++) blocks.Add(Block($"block{index++}"));
            stages.Add(new VisionStage(Has($"entry{s}") ? Entry($"entry{s}") : null, [.. blocks]));
        }
        float[] epsilon = Floats("epsilon");
        if (epsilon.Length != 1) throw Wrong("epsilon", "one number", $"{epsilon.Length}");
        return new VisionNet(input, [.. stem], Floats("cls"), Floats("positions"), [.. stages], Norm("norm"), Linear("head"), epsilon[0],
            file.Tensors.ContainsKey($"{before}stem.norm.gamma") ? Norm("stem.norm") : null,
            Has("choice.count") ? new PatchChoice.ByVariance(Whole("choice.count")) : Has("choice") ? new PatchChoice.BySelector(new VisionWeightsReader(file, VisionWeights.Chooser).Read()) : null);
    }

    private StageEntry Entry(string place) => Text(place) switch
    {
        "pool" => new StageEntry.Pool(Conv($"{place}.patches"), Linear($"{place}.cls")),
        "merge" => new StageEntry.Merge(Norm($"{place}.norm"), Linear($"{place}.reduction")),
        string other => throw Wrong(place, "pool or merge", other),
    };

    private VisionBlock Block(string place) => new(
        Has($"{place}.selector.heads") ? Selector($"{place}.selector") : null,
        Norm($"{place}.norm1"), Linear($"{place}.qkv"), Whole($"{place}.heads"), Linear($"{place}.proj"), Floats($"{place}.scale1"),
        Norm($"{place}.norm2"), Linear($"{place}.fc1"), Linear($"{place}.fc2"), Floats($"{place}.scale2"),
        Has($"{place}.best.keep") ? new BestPatches(Number($"{place}.best.keep"), Number($"{place}.best.links")) : null,
        Has($"{place}.window.size") ? new WindowAttention(Whole($"{place}.window.size"), Whole($"{place}.window.shift"), Floats($"{place}.window.bias")) : null);

    private TokenSelector Selector(string place)
    {
        string rule = Text($"{place}.package");
        if (!Enum.TryParse(rule, out PackageRule package) || package.ToString() != rule) throw Wrong($"{place}.package", string.Join(", ", Enum.GetNames<PackageRule>()), rule);
        return new TokenSelector(
            Whole($"{place}.heads"), file.Tensors.ContainsKey($"{before}{place}.norm.gamma") ? Norm($"{place}.norm") : null, Linear($"{place}.embed"), Linear($"{place}.fc1"), Linear($"{place}.fc2"),
            Linear($"{place}.fc3"), Linear($"{place}.headFc1"), Linear($"{place}.headFc2"), Truth($"{place}.logarithms"), Single($"{place}.threshold"), package);
    }

    private ConvLayer Conv(string place)
    {
        SafeTensor weights = file[$"{before}{place}.weights"];
        if (weights.Shape is not [var m, var each, var rows, var columns] || rows != columns) throw Wrong($"{place}.weights", "shape (outputs, inputs, kernel, kernel)", Shape(weights));
        int groups = Whole($"{place}.groups");
        return new ConvLayer(Text($"{place}.name"), checked((int)m), checked((int)(each * groups)), checked((int)rows), Whole($"{place}.stride"), Whole($"{place}.padding"), groups,
            weights.ToFloats(), Floats($"{place}.bias"), Truth($"{place}.relu"));
    }

    private LinearLayer Linear(string place)
    {
        SafeTensor weights = file[$"{before}{place}.weights"];
        return weights.Shape is [var m, var k] ? new LinearLayer(Text($"{place}.name"), checked((int)m), checked((int)k), weights.ToFloats(), Floats($"{place}.bias"))
            : throw Wrong($"{place}.weights", "shape (outputs, inputs)", Shape(weights));
    }

    private NormLayer Norm(string place) => new(Floats($"{place}.gamma"), Floats($"{place}.beta"));

    private float[] Floats(string name) => file[before + name] is { Type: TensorType.F32 } tensor ? tensor.ToFloats() : throw Wrong(name, "F32", file[before + name].Type.ToString());

    private bool Has(string key) => file.Metadata.ContainsKey(before + key);

    private string Text(string key) => file.Metadata.TryGetValue(before + key, out string? text) ? text : throw Wrong(key, "an entry", "none");

    private int Whole(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < MaxNumber ? number
        : throw Wrong(key, $"a whole number below {MaxNumber}", Text(key));

    private double Number(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Wrong(key, "a number", Text(key));

    private float Single(string key) => float.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : throw Wrong(key, "a number", Text(key));

    private bool Truth(string key) => bool.TryParse(Text(key), out bool truth) ? truth : throw Wrong(key, "true or false", Text(key));

    private static string Shape(SafeTensor tensor) => $"({string.Join(", ", tensor.Shape)})";

    private HoneException Wrong(string name, string expected, string came) => new($"'{before}{name}' in the weights: expected {expected}, got {came}; export the network again");
}
