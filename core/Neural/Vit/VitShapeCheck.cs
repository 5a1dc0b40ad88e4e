namespace Hone.Neural.Vit;

/// <summary>Whether the facts of a variant go together.</summary>
internal static class VitShapeCheck
{
    /// <param name="expect">Refuses with a message what does not hold.</param>
    public static void Check(VitShape shape, Action<bool, string> expect)
    {
        VitVariant form = shape.Form;
        int side = shape.Side;
        foreach (StemConv conv in form.Stem)
        {
            expect(conv.Width > 0 && conv.Kernel > 0 && conv.Stride > 0 && conv.Padding >= 0 && conv.Padding < conv.Kernel, $"expected a convolution with a padding below its kernel, got {conv}");
            expect(side + (2 * conv.Padding) >= conv.Kernel, $"a kernel of {conv.Kernel} does not fit a side of {side}: use larger images");
            side = conv.Out(side);
        }
        expect(side >= shape.Patch && (side - shape.Patch) % shape.Stride == 0, $"expected patches of {shape.Patch}, one every {shape.Stride}, to end with the side of {side}");
        expect(form.Skip > 0 && form.Epsilon > 0, $"skip and epsilon must be positive, got {form.Skip} and {form.Epsilon}");
        expect(form.Window >= 0 && (form.Window == 0 || !form.ClassToken), "windows have no place for a class token");
        expect(form.Later.Count == 0 || form.Step == StageStep.Pool || !form.ClassToken, "merging has no place for a class token: pool, or leave it out");
        for (int s = 0, before = 0; s < form.Later.Count; before = form.Later[s++].From)
            expect(form.Later[s].From > before && form.Later[s].From < shape.Depth, $"expected stages to begin at growing numbers of blocks in 1..{shape.Depth - 1}, got {form.Later[s].From} after {before}");
        IReadOnlyList<VitStage> stages = shape.Stages;
        for (int s = 0; s < stages.Count; s++)
        {
            VitStage stage = stages[s];
            expect(stage.Width > 0 && stage.Heads > 0 && stage.Width % stage.Heads == 0, $"expected a width of stage {s} that is a multiple of its heads, got {stage.Width} and {stage.Heads}");
            expect(stage.Window == 0 || stage.Grid % stage.Window == 0, $"expected windows that tile the grid of stage {s}, got {stage.Window} on {stage.Grid}");
            if (s + 1 == stages.Count) continue;
            if (form.Step == StageStep.Merge) expect(stage.Grid % 2 == 0, $"expected a grid of stage {s} of an even side to merge 2 x 2 patches, got {stage.Grid}");
            else expect(stages[s + 1].Width % stage.Width == 0, $"expected a width of stage {s + 1} that is a multiple of stage {s}'s, got {stages[s + 1].Width} after {stage.Width}");
        }
    }
}
