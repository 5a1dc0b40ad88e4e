using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;

namespace Hone.Silo.Bench;

/// <summary>
/// What dropped tokens save: vision transformers with selectors beside the same ones with all tokens, in turns. The figure is the share of the saved multiplications that was saved in time, (1 - time) / (1 - MACs), of the
/// tokens that really ran and with the selectors' own work; and what is left of a network when there is but one patch.
/// </summary>
internal static class TokensBench
{
    private const double Goal = 0.8, Keep = 0.9;
    private static readonly double[][] Settings = [[0.9, 0.81, 0.73], [0.8, 0.64, 0.512], [0.7, 0.49, 0.343], [0.5, 0.25, 0.125]];

    public static IEnumerable<BenchLine> Lines() => new[] { 1, 2 }.Where(threads => threads <= Environment.ProcessorCount).SelectMany(Lines);

    private static IEnumerable<BenchLine> Lines(int threads)
    {
        foreach (DrawnVision shape in new[] { DrawnVision.DeitTiny, DrawnVision.Small })
            foreach (int batch in new[] { 1, 64 })
                foreach (BenchLine line in Pruned(shape, batch, threads)) yield return line;
        foreach (double links in new[] { 0.1, 0.3 })
            foreach (BenchLine line in Linked(DrawnVision.DeitTiny, links, threads)) yield return line;
    }

    internal static IEnumerable<BenchLine> Pruned(DrawnVision shape, int batch, int threads)
    {
        using var workers = new Workers(threads, Cores.Pin);
        var turns = new TokenTurns(workers);
        VisionEngine[] engines = [Engine(shape.Dense()), .. Settings.Select(shares => Engine(shape.Pruned(shares))), Engine(shape.OnePatch.Dense())];
        TokenTime[] times = turns.Measure([.. engines.Select((engine, i) => Run(engine, i < engines.Length - 1 ? shape : shape.OnePatch, batch))]);
        string where = $"batch {batch}, {threads} thread{(threads > 1 ? "s" : "")}";
        yield return new BenchLine("tokens", $"{shape.Name}, all tokens, {where}", 1e3 * times[0].Seconds / batch, "ms an image", $"{1e-9 * engines[0].Macs / times[0].Seconds:0.0} GMAC/s{Noise(times[0])}", null, null, null);
        bool asked = shape == DrawnVision.DeitTiny;            // small nets are bound by barriers too, and only shown
        for (int i = 0; i < Settings.Length; i++)
        {
            TokenTime time = times[1 + i];
            double macs = (double)engines[1 + i].Macs / engines[0].Macs, realised = (1 - time.Share) / (1 - macs);
            int last = shape.Blocks - 1;
            double tokens = Enumerable.Range(0, batch).Average(image => engines[1 + i].Tokens(image, last));
            yield return new BenchLine("tokens", $"{shape.Name}, kept {string.Join(", ", Settings[i])}, {where}: saved time over saved MACs", realised, "",
                $"all tokens; MACs {macs:0.000} of theirs, time {time.Share:0.000} +- {time.Spread:0.000}, {tokens:0} tokens at the end{Noise(time)}", 1 / time.Share, asked ? $"at least {Goal}" : null, asked ? realised >= Goal : null);
        }
        yield return new BenchLine("tokens", $"{shape.Name}, one patch, {where}: time", times[^1].Share, "of all tokens'", $"MACs {(double)engines[^1].Macs / engines[0].Macs:0.000} of theirs{Noise(times[^1])}", 1 / times[^1].Share, null, null);

        VisionEngine Engine(VisionNet net) => new(net, workers, batch);
    }

    /// <summary>Best patches in the pruning blocks, and links between those left beside none: the whole network, and its attention alone.</summary>
    internal static IEnumerable<BenchLine> Linked(DrawnVision shape, double links, int threads)
    {
        using var workers = new Workers(threads, Cores.Pin);
        var turns = new TokenTurns(workers);
        VisionEngine[] engines = [.. new[] { 1, links }.Select(share => new VisionEngine(shape.Dense(new BestPatches(Keep, share)), workers))];
        Action[] runs = [.. engines.Select(engine => Run(engine, shape, 1))];
        string name = $"{shape.Name}, best patches {Keep}, links {links}, batch 1, {threads} thread{(threads > 1 ? "s" : "")}";
        TokenTime time = turns.Measure(runs)[1];
        double macs = (double)engines[1].Macs / engines[0].Macs;
        yield return new BenchLine("tokens", $"{name}: time", time.Share, "of links 1's", $"MACs {macs:0.000} of theirs, spread {time.Spread:0.000}{Noise(time)}", 1 / time.Share, null, null);
        foreach (VisionEngine engine in engines) engine.Times = new VisionTimes(turns.Clock);
        time = turns.Measure(runs, Attention)[1];
        yield return new BenchLine("tokens", $"{name}: time of attention alone", time.Share, "of links 1's", $"spread {time.Spread:0.000}{Noise(time)}", 1 / time.Share, null, null);

        double Attention(int i)
        {
            double seconds = engines[i].Times!.Seconds(VisionPart.Attention);
            engines[i].Times!.Clear();
            return seconds;
        }
    }

    private static Action Run(VisionEngine engine, DrawnVision shape, int batch)
    {
        byte[] pixels = shape.Pixels(batch);
        float[] logits = new float[batch * shape.Classes];
        return () => engine.Run(pixels, batch, logits);
    }

    private static string Noise(TokenTime time) => time.Noisy ? ", noisy" : "";
}
