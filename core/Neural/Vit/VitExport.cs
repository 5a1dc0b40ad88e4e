using Hone.Model;
using Hone.Neural.Elastic;

namespace Hone.Neural.Vit;

/// <summary>A net's parameters as plain arrays. Letters as in <see cref="VitShape"/>.</summary>
/// <param name="prefix">Of its layers' names, where it stands beside another net.</param>
internal sealed class VitExport(VitShape shape, ParameterArena arena, string prefix = "")
{
    private readonly VitVariant _form = shape.Form;

    /// <param name="selector">The selector before a block, or null.</param>
    /// <param name="best">The pruning inside a block, or null.</param>
    /// <param name="choice">Which patches it reads; null: all.</param>
    /// <param name="blocks">How many blocks, of a net of one stage; null: all.</param>
    public VisionNet Run(Func<int, TokenSelector?>? selector, Func<int, BestPatches?>? best, PatchChoice? choice = null, int? blocks = null)
    {
        float deviation = (float)shape.Deviation;
        var input = new PixelInput(shape.Channels, shape.Side, ParameterArena.Filled(shape.Channels, 1 / (255 * deviation)), ParameterArena.Filled(shape.Channels, -shape.Mean / deviation));
        VisionStage[] stages = [.. shape.Stages.Select(stage => new VisionStage(Entry(stage),
            Enumerable.Range(stage.First, blocks ?? stage.Depth).Select(b => Block(stage, b, selector?.Invoke(b), best?.Invoke(b))).ToValueList()))];
        return new VisionNet(input, Stem().ToValueList(), _form.ClassToken ? Numbers("cls_token") : [], _form.Positions ? Numbers("pos_embed") : [],
            ValueList.Create<VisionStage>(stages), Normal("norm"), Layer("head"), (float)_form.Epsilon, _form.PatchNorm ? Normal("patch_embed.norm") : null, choice);
    }

    private IEnumerable<ConvLayer> Stem()
    {
        int channels = shape.Channels;
        for (int i = 0; i < _form.Stem.Count; i++)
        {
            StemConv conv = _form.Stem[i];
            string name = VitStem.Name(i);
            yield return new ConvLayer(prefix + name, conv.Width, channels, conv.Kernel, conv.Stride, conv.Padding, 1, Numbers(name + ".weight"), Numbers(name + ".bias"), Relu: true);
            channels = conv.Width;
        }
        yield return new ConvLayer(prefix + "patch_embed.proj", shape.Width, channels, shape.Patch, shape.Stride, 0, 1, Numbers("patch_embed.proj.weight"), Numbers("patch_embed.proj.bias"));
    }

    private StageEntry? Entry(VitStage stage)
    {
        if (stage.Index == 0) return null;
        string name = VitEntry.Name(_form.Step, stage.Index);
        if (_form.Step == StageStep.Merge) return new StageEntry.Merge(Normal(name + ".norm"), Layer(name + ".reduction"));
        int inputs = shape.Stages[stage.Index - 1].Width;
        return new StageEntry.Pool(new ConvLayer(prefix + name + ".conv", stage.Width, inputs, VitStage.PoolKernel, VitStage.PoolStride, VitStage.PoolPadding, inputs,
            Numbers(name + ".conv.weight"), Numbers(name + ".conv.bias")), Layer(name + ".fc"));
    }

    private VisionBlock Block(VitStage stage, int b, TokenSelector? selector, BestPatches? best)
    {
        float[] scale = ParameterArena.Filled(stage.Width, 1 / _form.Skip);
        string name = $"blocks.{b}";
        return new VisionBlock(selector, Normal(name + ".norm1"), Layer(name + ".attn.qkv"), stage.Heads, Layer(name + ".attn.proj"), scale,
            Normal(name + ".norm2"), Layer(name + ".mlp.fc1"), Layer(name + ".mlp.fc2"), scale, best, stage.Window == 0 ? null : new WindowAttention(stage.Window, stage.Shift(b), Bias(name, stage)));
    }

    /// <summary>((2 size - 1)^2, h) -> (h, (2 size - 1)^2).</summary>
    private float[] Bias(string block, VitStage stage)
    {
        float[] table = Numbers($"{block}.attn.relative_position_bias_table"), bias = new float[table.Length];
        int places = table.Length / stage.Heads;
        for (int i = 0; i < table.Length; i++) bias[i] = table[(i % places * stage.Heads) + (i / places)];
        return bias;
    }

    private float[] Numbers(string name) => arena[name].detach().Numbers();

    private NormLayer Normal(string name) => new(Numbers(name + ".weight"), Numbers(name + ".bias"));

    private LinearLayer Layer(string name) => new(prefix + name, (int)arena[name + ".weight"].shape[0], (int)arena[name + ".weight"].shape[1], Numbers(name + ".weight"), Numbers(name + ".bias"));
}
