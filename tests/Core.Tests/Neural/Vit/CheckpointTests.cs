using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

public class CheckpointTests
{
    /// <summary>The names and shapes of a variant's published file, written down here anew.</summary>
    private static Dictionary<string, CheckpointArray> Tensors(string variant, bool timm = false)
    {
        var all = new Dictionary<string, CheckpointArray>();
        var chance = new Chance(3, Streams.Weights);
        switch (variant)
        {
            case "deit":
                Deit(16, 2, 4);
                Add("patch_embed.proj.weight", 16, 1, 4, 4);
                break;
            case "lv-vit":
                Deit(16, 3, 4);
                foreach (int i in (int[])[1, 2, 3])
                {
                    Add($"patch_embed.conv{i}.weight", 6, i == 1 ? 1 : 6, i == 1 ? 7 : 3, i == 1 ? 7 : 3);
                    foreach (string part in (string[])["weight", "bias", "running_mean", "running_var"]) Add($"patch_embed.bn{i}.{part}", 6);
                    Add($"patch_embed.bn{i}.num_batches_tracked");
                }
                Add("patch_embed.proj.weight", 16, 6, 2, 2);
                Linear("aux_head", 4, 16);
                foreach (int b in (int[])[0, 1, 2, 3]) all.Remove($"blocks.{b}.attn.qkv.bias");
                break;
            case "pit":
                Add("cls_token", 1, 1, 16);
                Add("pos_embed", 1, 16, 7, 7);
                Add("patch_embed.conv.weight", 16, 1, 4, 4);
                Add("patch_embed.conv.bias", 16);
                foreach (var (s, depth, width) in ((int, int, int)[])[(0, 2, 16), (1, 2, 32), (2, 1, 64)])
                {
                    for (int b = 0; b < depth; b++) Block($"transformers.{s}.blocks.{b}", width, 2);
                    if (s == 2) continue;
                    string pool = timm ? $"transformers.{s + 1}.pool" : $"pools.{s}";
                    Add($"{pool}.conv.weight", 2 * width, 1, 3, 3);
                    Add($"{pool}.conv.bias", 2 * width);
                    Linear($"{pool}.fc", 2 * width, width);
                }
                Norm("norm", 64);
                Linear("head", 4, 64);
                break;
            default:
                Add("patch_embed.proj.weight", 16, 1, 2, 2);
                Add("patch_embed.proj.bias", 16);
                Norm("patch_embed.norm", 16);
                foreach (var (s, depth, width) in ((int, int, int)[])[(0, 4, 16), (1, 2, 32)])
                    for (int b = 0; b < depth; b++)
                    {
                        Block($"layers.{s}.blocks.{b}", width, 2);
                        Add($"layers.{s}.blocks.{b}.attn.relative_position_bias_table", 49, width / 8);
                        Add($"layers.{s}.blocks.{b}.attn.relative_position_index", 16, 16);
                    }
                string down = timm ? "layers.1.downsample" : "layers.0.downsample";
                Norm($"{down}.norm", 64);
                Add($"{down}.reduction.weight", 32, 64);
                Norm("norm", 32);
                Linear(timm ? "head.fc" : "head", 4, 32);
                break;
        }
        return all;

        void Deit(int c, int ratio, int depth)
        {
            Add("cls_token", 1, 1, c);
            Add("pos_embed", 1, 17, c);
            Add("patch_embed.proj.bias", c);
            for (int b = 0; b < depth; b++) Block($"blocks.{b}", c, ratio);
            Norm("norm", c);
            Linear("head", 4, c);
        }

        void Block(string name, int c, int ratio)
        {
            Norm($"{name}.norm1", c);
            Linear($"{name}.attn.qkv", 3 * c, c);
            Linear($"{name}.attn.proj", c, c);
            Norm($"{name}.norm2", c);
            Linear($"{name}.mlp.fc1", ratio * c, c);
            Linear($"{name}.mlp.fc2", c, ratio * c);
        }

        void Norm(string name, int c)
        {
            Add($"{name}.weight", c);
            Add($"{name}.bias", c);
        }

        void Linear(string name, int m, int k)
        {
            Add($"{name}.weight", m, k);
            Add($"{name}.bias", m);
        }

        void Add(string name, params long[] shape)
        {
            float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            for (int i = 0; i < values.Length; i++) values[i] = (float)chance.NextDouble() + 0.1f;   // variances are positive
            all.Add(name, new CheckpointArray(shape, values));
        }
    }

    [Theory]
    [InlineData("deit", false)]
    [InlineData("lv-vit", false)]
    [InlineData("pit", false)]
    [InlineData("pit", true)]
    [InlineData("swin", false)]
    [InlineData("swin", true)]
    public void PublishedNamesBecomeANet(string variant, bool timm)
    {
        Dictionary<string, CheckpointArray> tensors = Tensors(variant, timm);
        VisionNet net = VitCheckpoint.Export(SmallVariants.Of(variant), tensors);
        net.Check();
        VisionBlock[] blocks = [.. net.Stages.SelectMany(s => s.Blocks)];
        string third = variant switch { "pit" => "transformers.1.blocks.0", "swin" => "layers.0.blocks.2", _ => "blocks.2" };
        Assert.Equal(tensors[$"{third}.attn.qkv.weight"].Values, blocks[2].Qkv.Weights);
        Assert.Equal(tensors[$"{third}.norm2.bias"].Values, blocks[2].Norm2.Bias);
        Assert.Equal(tensors[timm && variant == "swin" ? "head.fc.weight" : "head.weight"].Values, net.Head.Weights);
        if (variant == "lv-vit") Assert.All(blocks, b => Assert.All(b.Qkv.Bias, v => Assert.Equal(0, v)));
        if (variant == "pit")
        {
            Assert.Equal(tensors["pos_embed"].Values[(5 * 49) + 12], net.Positions[(13 * 16) + 5]);
            Assert.Equal(tensors[timm ? "transformers.2.pool.fc.weight" : "pools.1.fc.weight"].Values, ((StageEntry.Pool)net.Stages[2].Entry!).ClassToken.Weights);
        }
        if (variant != "swin") return;
        Assert.Equal(tensors["layers.1.blocks.1.attn.relative_position_bias_table"].Values[(7 * 4) + 3], blocks[5].Window!.Bias[(3 * 49) + 7]);
        Assert.Equal(tensors[timm ? "layers.1.downsample.norm.weight" : "layers.0.downsample.norm.weight"].Values, ((StageEntry.Merge)net.Stages[1].Entry!).Norm.Gain);
    }

    [Fact]
    public void ABatchNormIsFoldedIntoItsConvolution()
    {
        Dictionary<string, CheckpointArray> tensors = Tensors("lv-vit");
        ConvLayer conv = VitCheckpoint.Export(SmallVariants.LvVit, tensors).Stem[1];
        float[] Of(string part) => tensors[$"patch_embed.{part}"].Values;
        for (int m = 0; m < 6; m++)
        {
            double factor = Of("bn2.weight")[m] / Math.Sqrt(Of("bn2.running_var")[m] + 1e-5), sum = 0, raw = 0;
            for (int i = m * 54; i < (m + 1) * 54; i++) (sum, raw) = (sum + (conv.Weights[i] * 2.0), raw + (Of("conv2.weight")[i] * 2.0));   // an input of twos everywhere
            Assert.Equal(((raw - Of("bn2.running_mean")[m]) * factor) + Of("bn2.bias")[m], sum + conv.Bias[m], 1e-3);
        }
    }

    [Theory]
    [InlineData("deit", "blocks.1.mlp.fc1.weight", "[32, 16]")]
    [InlineData("lv-vit", "patch_embed.bn2.running_var", "[6]")]
    [InlineData("pit", "pos_embed", "[1, 16, 7, 7]")]
    [InlineData("swin", "layers.1.blocks.0.attn.relative_position_bias_table", "[49, 4]")]
    public void AllFaultsAreNamedAtOnce(string variant, string name, string shape)
    {
        VitShape of = SmallVariants.Of(variant);
        Dictionary<string, CheckpointArray> tensors = Tensors(variant);
        tensors.Remove(name);
        tensors.Remove("norm.bias");
        tensors["head.bias"] = new CheckpointArray([5], new float[5]);
        tensors["norm.weight"] = tensors["norm.weight"] with { Values = new float[3] };
        tensors["extra.weight"] = new CheckpointArray([1], [0]);
        string message = Assert.Throws<HoneException>(() => VitCheckpoint.Weights(of, tensors)).Message;
        Assert.Contains($"{name} {shape}", message);
        Assert.Contains("norm.bias [", message);
        Assert.Contains("head.bias (expected [4], got [5])", message);
        Assert.Contains("of 3 numbers", message);
        Assert.Contains("unknown: extra.weight", message);
    }

    [Fact]
    public void ADistilledNetIsRefusedAsSuch()
    {
        Dictionary<string, CheckpointArray> tensors = Tensors("deit");
        tensors["dist_token"] = new CheckpointArray([1, 1, 16], new float[16]);
        string message = Assert.Throws<HoneException>(() => VitCheckpoint.Weights(SmallVariants.Deit, tensors)).Message;
        Assert.Contains("distilled", message);
        Assert.Contains("dist_token", message);
        Assert.DoesNotContain("unknown", message);
    }

    [Fact]
    public void TheFilesOfOneVariantAreNotAnothers()
    {
        string message = Assert.Throws<HoneException>(() => VitCheckpoint.Weights(SmallVariants.Swin, Tensors("deit"))).Message;
        Assert.Contains("missing: ", message);
        Assert.Contains("unknown: ", message);
    }
}
