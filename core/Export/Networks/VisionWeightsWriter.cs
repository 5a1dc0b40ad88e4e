using System.Globalization;
using Hone.Model;

namespace Hone.Export;

/// <summary>Writes what <see cref="VisionWeightsReader"/> reads, in the same order.</summary>
internal sealed class VisionWeightsWriter
{
    private readonly List<SafeTensor> _tensors = [];
    private readonly Dictionary<string, string> _texts = new() { ["kind"] = VisionWeights.Kind };

    private string _before = "";   // of the names of a network inside another

    public byte[] Write(VisionNet net)
    {
        Add(net);
        return SafeTensorsWriter.Write(_tensors, _texts);
    }

    private void Add(VisionNet net)
    {
        if (net.Choice is PatchChoice.ByVariance(var count)) Note("choice.count", count);
        if (net.Choice is PatchChoice.BySelector(var selector))
        {
            Text("choice", "selector");
            _before = VisionWeights.Chooser;
            Add(selector);
            _before = "";
        }
        Note("channels", net.Input.Channels);
        Note("side", net.Input.Side);
        Add("pixel.scale", net.Input.Scale);
        Add("pixel.offset", net.Input.Offset);
        Add("cls", net.ClassToken);
        Add("positions", net.Positions);
        Add("epsilon", [net.Epsilon]);
        Note("stem", net.Stem.Count);
        for (int i = 0; i < net.Stem.Count; i++) Add($"stem{i}", net.Stem[i]);
        if (net.StemNorm is { } norm) Add("stem.norm", norm);
        Note("stages", net.Stages.Count);
        int index = 0;
        for (int s = 0; s < net.Stages.Count; s++)
        {
            if (net.Stages[s].Entry is { } entry) Add($"entry{s}", entry);
            Note($"stage{s}.blocks", net.Stages[s].Blocks.Count);
            foreach (VisionBlock block in net.Stages[s].Blocks) Add($"block{index++}", block);
        }
        Add("norm", net.Norm);
        Add("head", net.Head);
    }

    private void Add(string place, StageEntry entry)
    {
        Text(place, entry is StageEntry.Pool ? "pool" : "merge");
        if (entry is StageEntry.Pool pool)
        {
            Add($"{place}.patches", pool.Patches);
            Add($"{place}.cls", pool.ClassToken);
        }
        else if (entry is StageEntry.Merge merge)
        {
            Add($"{place}.norm", merge.Norm);
            Add($"{place}.reduction", merge.Reduction);
        }
    }

    private void Add(string place, VisionBlock block)
    {
        if (block.Selector is { } selector) Add($"{place}.selector", selector);
        Note($"{place}.heads", block.Heads);
        Add($"{place}.norm1", block.Norm1);
        Add($"{place}.qkv", block.Qkv);
        Add($"{place}.proj", block.Proj);
        Add($"{place}.scale1", block.Scale1);
        Add($"{place}.norm2", block.Norm2);
        Add($"{place}.fc1", block.Fc1);
        Add($"{place}.fc2", block.Fc2);
        Add($"{place}.scale2", block.Scale2);
        if (block.Best is { } best)
        {
            Note($"{place}.best.keep", best.Keep);
            Note($"{place}.best.links", best.Links);
        }
        if (block.Window is { } window)
        {
            Note($"{place}.window.size", window.Size);
            Note($"{place}.window.shift", window.Shift);
            Add($"{place}.window.bias", window.Bias);
        }
    }

    private void Add(string place, TokenSelector selector)
    {
        Note($"{place}.heads", selector.Heads);
        if (selector.Norm is not null) Add($"{place}.norm", selector.Norm);
        Add($"{place}.embed", selector.Embed);
        Add($"{place}.fc1", selector.Fc1);
        Add($"{place}.fc2", selector.Fc2);
        Add($"{place}.fc3", selector.Fc3);
        Add($"{place}.headFc1", selector.HeadFc1);
        Add($"{place}.headFc2", selector.HeadFc2);
        Text($"{place}.logarithms", selector.Logarithms ? "true" : "false");
        Note($"{place}.threshold", selector.Threshold);
        Text($"{place}.package", selector.Package.ToString());
    }

    private void Add(string place, ConvLayer conv)
    {
        Text($"{place}.name", conv.Name);
        Note($"{place}.stride", conv.Stride);
        Note($"{place}.padding", conv.Padding);
        Note($"{place}.groups", conv.Groups);
        Text($"{place}.relu", conv.Relu ? "true" : "false");
        Add($"{place}.weights", conv.Weights, conv.M, conv.Inputs / conv.Groups, conv.Kernel, conv.Kernel);
        Add($"{place}.bias", conv.Bias);
    }

    private void Add(string place, LinearLayer layer)
    {
        Text($"{place}.name", layer.Name);
        Add($"{place}.weights", layer.Weights, layer.M, layer.K);
        Add($"{place}.bias", layer.Bias);
    }

    private void Add(string place, NormLayer norm)
    {
        Add($"{place}.gamma", norm.Gain);
        Add($"{place}.beta", norm.Bias);
    }

    private void Add(string name, float[] values) => Add(name, values, values.Length);

    private void Add(string name, float[] values, params long[] shape) => _tensors.Add(SafeTensor.Of(_before + name, values, shape));

    private void Note(string key, IFormattable number) => Text(key, number.ToString(null, CultureInfo.InvariantCulture));

    private void Text(string key, string text) => _texts.Add(_before + key, text);
}
