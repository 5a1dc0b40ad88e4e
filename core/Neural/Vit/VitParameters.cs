namespace Hone.Neural.Vit;

/// <summary>What a parameter begins as.</summary>
internal enum FirstValues
{
    Ones, Zeros,

    /// <summary>Normal with deviation 1 / sqrt(inputs), cut at two deviations; such parameters decay.</summary>
    Matrix,

    /// <summary>Normal with deviation 0.02, cut at two deviations.</summary>
    Places,
}

/// <summary>A parameter of a net.</summary>
internal sealed record VitParameter(string Name, long[] Shape, FirstValues First)
{
    public int Count => (int)Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>All parameters of a shape, in the order in which their first values are drawn. Letters as in <see cref="VitShape"/>.</summary>
internal static class VitParameters
{
    public static IEnumerable<VitParameter> Of(VitShape shape)
    {
        VitVariant form = shape.Form;
        int c = shape.Width, channels = shape.Channels;
        IReadOnlyList<VitStage> stages = shape.Stages;
        List<VitParameter> all = [];
        for (int i = 0; i < form.Stem.Count; channels = form.Stem[i++].Width) Matrix(VitStem.Name(i), form.Stem[i].Width, channels, form.Stem[i].Kernel, form.Stem[i].Kernel);
        Matrix("patch_embed.proj", c, shape.PatchSize);
        if (form.PatchNorm) Norm("patch_embed.norm", c);
        if (form.ClassToken) Add("cls_token", FirstValues.Places, 1, 1, c);
        if (form.Positions) Add("pos_embed", FirstValues.Places, 1, shape.Tokens, c);
        foreach (VitStage stage in stages)
        {
            if (stage.Index > 0) Entry(stage, stages[stage.Index - 1].Width);
            for (int b = stage.First; b < stage.First + stage.Depth; b++) Block($"blocks.{b}", stage);
        }
        Norm("norm", stages[^1].Width);
        Matrix("head", shape.Classes, stages[^1].Width);
        return all;

        void Block(string name, VitStage stage)
        {
            int width = stage.Width, side = VitWindow.Side(stage.Window);
            Norm($"{name}.norm1", width);
            Matrix($"{name}.attn.qkv", 3 * width, width);
            if (stage.Window > 0) Add($"{name}.attn.relative_position_bias_table", FirstValues.Places, side * side, stage.Heads);
            Matrix($"{name}.attn.proj", width, width);
            Norm($"{name}.norm2", width);
            Matrix($"{name}.mlp.fc1", shape.Expansion * width, width);
            Matrix($"{name}.mlp.fc2", width, shape.Expansion * width);
        }

        void Entry(VitStage stage, int inputs)
        {
            string name = VitEntry.Name(form.Step, stage.Index);
            if (form.Step == StageStep.Merge)
            {
                Norm(name + ".norm", 4 * inputs);
                Matrix(name + ".reduction", stage.Width, 4 * inputs);
                return;
            }
            Matrix(name + ".conv", stage.Width, 1, VitStage.PoolKernel, VitStage.PoolKernel);
            Matrix(name + ".fc", stage.Width, inputs);
        }

        void Norm(string name, int width)
        {
            Add(name + ".weight", FirstValues.Ones, width);
            Add(name + ".bias", FirstValues.Zeros, width);
        }

        void Matrix(string name, params long[] size)
        {
            Add(name + ".weight", FirstValues.Matrix, size);
            Add(name + ".bias", FirstValues.Zeros, size[0]);
        }

        void Add(string name, FirstValues first, params long[] size) => all.Add(new VitParameter(name, size, first));
    }
}
