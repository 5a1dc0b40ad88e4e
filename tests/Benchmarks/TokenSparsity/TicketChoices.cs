using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Training;
using Hone.Neural.Vit;
using Hone.Neural.Vit.DataTicket;
using Hone.Search;
using TorchSharp;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>What is chosen, apart from any student: how much of the garment lies in it, and how well a selector itself classifies with it.</summary>
internal sealed class TicketChoices(TokenScale scale, TokenImages images, double keep)
{
    private static readonly ImageSource Garments = ImageSource.FashionMnist;   // what the frames were made from, in the same order

    /// <summary>Of one selector: the share of the garment in its choice, and which images it classifies correctly while it prunes.</summary>
    public Unit Of(string name, Unit selector, DataTicketConfig config, JsonObject inputs, ulong seed) => new($"choice/{images.Name}/{name}/{seed}", inputs, new Cost(0, 2 * scale.TestImages), [selector], run =>
    {
        using VitNet net = DataTicketTraining.OpenSelector(config, run.Blob(selector));
        float[] logits = new VitBatchRun(images.Shape, threads: 1).Logits(images.Test, (patches, _) =>
            net.Classify(net.Features(net.Run(net.Embed(patches), new BestPatchesPolicy(config.Blocks, keep, 1), torch.ScalarType.Float32, classOnly: true))));
        return new UnitResult(new JsonObject { ["right"] = Found.Bits(CorrectBits.Of(logits, images.Test.Labels, images.Shape.Classes)), ["garment"] = Math.Round(Share(TicketRule.Ticket, config, net), 6) });
    });

    /// <summary>Of a rule that asks no selector: the same share.</summary>
    public Unit Of(TicketRule rule, DataTicketConfig config, JsonObject inputs) => new($"choice/{images.Name}/{rule}", inputs, new Cost(0, scale.TestImages / 10.0), [],
        _ => new UnitResult(new JsonObject { ["garment"] = Math.Round(Share(rule, config, null), 6) }));

    /// <summary>The share of the garments' pixels that lie in the patches which a rule chooses, over all test images.</summary>
    private double Share(TicketRule rule, DataTicketConfig config, VitNet? selector)
    {
        int[] chosen = new TicketChoice(config, rule, keep, selector).OfAll(images.Test, torch.ScalarType.Float32, torch.CPU, threads: 1);
        int patches = images.Shape.Patches, size = chosen.Length / images.Test.Count;
        ImageSet garments = TokenImages.First(Garments.Test(), images.Test.Count);
        long all = 0, within = 0;
        for (int i = 0; i < images.Test.Count; i++)
        {
            int[] own = Own(Row(images.Test, i), Row(garments, i), images.Test.Width, garments.Width, images.Shape.Patch);
            all += own.Sum();
            foreach (int p in chosen.AsSpan(i * size, size)) within += own[p];
        }
        return (double)within / all;

        static ReadOnlySpan<byte> Row(ImageSet set, int image) => set.Pixels.AsSpan(image * set.Stride, set.Stride);
    }

    /// <summary>Pixels of each patch of a frame that are the garment's: it stands, unlit pixels apart, somewhere in front of all else.</summary>
    internal static int[] Own(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> garment, int frameSide, int side, int patch)
    {
        for (int top = 0; top <= frameSide - side; top++)
        {
            for (int left = 0; left <= frameSide - side; left++)
            {
                if (!Stands(frame, garment, frameSide, side, top, left)) continue;
                int across = frameSide / patch;
                int[] own = new int[across * across];
                for (int p = 0; p < garment.Length; p++)
                    if (garment[p] > 0) own[((top + (p / side)) / patch * across) + ((left + (p % side)) / patch)]++;
                return own;
            }
        }
        throw new HoneException("expected the garment somewhere in its frame, found it nowhere: the two sets are not of the same images");
    }

    private static bool Stands(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> garment, int frameSide, int side, int top, int left)
    {
        for (int p = 0; p < garment.Length; p++)
            if (garment[p] > 0 && frame[((top + (p / side)) * frameSide) + left + (p % side)] != garment[p]) return false;
        return true;
    }

    /// <summary>How well selectors classify with their own choices, over seeds.</summary>
    public EvidenceRow Accuracy(string name, ReadOnlySpan<JsonObject> found)
    {
        float[][][][] right = new float[found.Length][][][];
        for (int s = 0; s < found.Length; s++) right[s] = [[CrossedBootstrap.Right((string)found[s]["right"]!, scale.TestImages)]];
        return new(images.Name, $"the selector itself while it prunes, {name}", "accuracy, %", Origin.Trained, CrossedBootstrap.Of(right, (_, _, a) => a, seed: 1)[0]!);
    }

    /// <summary>How much of the garments is chosen, over seeds.</summary>
    public EvidenceRow Garment(string name, ReadOnlySpan<JsonObject> found)
    {
        double[][] shares = new double[found.Length][];
        for (int s = 0; s < found.Length; s++) shares[s] = [100 * (double)found[s]["garment"]!];
        return new(images.Name, $"garment within the choice, {name}", "% of its pixels", Origin.Trained, PairedBootstrap.Of(shares, seed: 1));
    }
}
