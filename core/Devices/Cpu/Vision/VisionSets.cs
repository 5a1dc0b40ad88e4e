using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>Networks over sets of images.</summary>
public static class VisionSets
{
    private const int AtOnce = 64;

    /// <summary>Runs all images.</summary>
    /// <returns>Logits (N, classes) flattened, and (selectors)(N): how many patches each selector left.</returns>
    /// <exception cref="ArgumentException">The network contradicts itself or is not run here, or the images are others than it reads.</exception>
    public static (float[] Logits, int[][] Kept) Run(VisionNet net, ImageSet images, Workers workers)
    {
        var engine = new VisionEngine(net, workers, Math.Clamp(images.Count, 1, AtOnce));
        float[] logits = new float[images.Count * net.Classes];
        int[][] kept = [.. Enumerable.Range(0, engine.Selectors).Select(_ => new int[images.Count])];
        Each(engine, images, AtOnce, logits, from =>
        {
            for (int s = 0; s < kept.Length; s++)
                for (int i = 0; i < engine.Images; i++) kept[s][from + i] = engine.Kept(i, s).Length;
        });
        return (logits, kept);
    }

    /// <summary>
    /// Thresholds of the selectors, in their order, under which these images keep shares: in the middle between the margins of the last patch that is kept and of the first that is not. No label is read.
    /// </summary>
    /// <param name="shares">By selector: of all patches of its stage's grid that are left behind it.</param>
    public static float[] Thresholds(VisionNet net, ReadOnlySpan<double> shares, ImageSet images, Workers workers)
    {
        float[] thresholds = new float[shares.Length];
        for (int s = 0; s < thresholds.Length; s++)
        {
            var (part, patches) = UpTo(net, thresholds.AsSpan(0, s));
            var engine = new VisionEngine(part, workers, Math.Clamp(images.Count, 1, AtOnce));
            var margins = new List<float>(images.Count * patches);
            int selector = s;
            Each(engine, images, engine.Together, new float[images.Count * part.Classes], _ =>
            {
                foreach (float margin in engine.Margins(selector))
                    if (!float.IsNaN(margin)) margins.Add(margin);
            });
            thresholds[s] = Threshold(margins, (int)Math.Round(shares[s] * images.Count * patches));
        }
        return thresholds;
    }

    /// <summary>What keeps so many, given all margins.</summary>
    private static float Threshold(List<float> margins, int count)
    {
        if (count >= margins.Count) return float.MinValue;
        if (count == 0) return float.MaxValue;
        margins.Sort((a, b) => b.CompareTo(a));
        return (margins[count - 1] + margins[count]) / 2;
    }

    private static void Each(VisionEngine engine, ImageSet images, int atOnce, float[] logits, Action<int> done)
    {
        for (int from = 0; from < images.Count; from += atOnce)
        {
            int some = Math.Min(atOnce, images.Count - from);
            engine.Run(images.Pixels.AsSpan(from * images.Stride, some * images.Stride), some, logits.AsSpan(from * engine.Classes, some * engine.Classes));
            done(from);
        }
    }

    /// <summary>The network until the block of the first selector that has no threshold yet, which keeps everything there; and the patches of its grid.</summary>
    private static (VisionNet Net, int Patches) UpTo(VisionNet net, ReadOnlySpan<float> thresholds)
    {
        var stages = new List<VisionStage>();
        int selector = 0, grid = net.Grid;
        foreach (VisionStage stage in net.Stages)
        {
            grid = stage.Entry switch { StageEntry.Pool pool => pool.Patches.Out(grid), StageEntry.Merge => grid / 2, _ => grid };
            var blocks = new List<VisionBlock>();
            foreach (VisionBlock block in stage.Blocks)
            {
                if (block.Selector is null)
                {
                    blocks.Add(block);
                    continue;
                }
                bool found = selector == thresholds.Length;
                blocks.Add(block with { Selector = block.Selector with { Threshold = found ? float.NegativeInfinity : thresholds[selector++] } });
                if (!found) continue;
                int width = block.Proj.M;
                stages.Add(stage with { Blocks = [.. blocks] });
                return (net with { Stages = [.. stages], Norm = new NormLayer(new float[width], new float[width]), Head = new LinearLayer(net.Head.Name, 1, width, new float[width], new float[1]) }, grid * grid);
            }
            stages.Add(stage with { Blocks = [.. blocks] });
        }
        throw new ArgumentException($"expected shares of the network's {selector} selectors, got more");
    }
}
