using System.Globalization;
using Hone.Benchmarks.Evidence;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>What 8 bits cost and what dropping tokens costs, each by itself and together, against a narrower net that takes as long; and what each of them saves.</summary>
internal sealed class HeatVitPart(TokenScale scale, TokenImages images)
{
    private const double Budget = 0.75;                       // of the dense net's latency in 8 bits
    private const double Trained = 0.5, AsFloat = 1;          // margins in points: the issue of the comparison and the method's sheet, stated before any run
    private readonly HeatVitUnits _units = new(scale, images, Budget);

    private sealed record Arm(string Name, Func<HeatVitUnits, ulong, Unit> Unit);

    private static readonly ValueList<Arm> Arms =
    [
        new("dense, float", (u, s) => u.Float(s, prunes: false)), new("dense, 8 bits", (u, s) => u.Bytes(s, prunes: false, Polynomials.Damped, trained: true)),
        new("dense, 8 bits, exact slopes, frozen", (u, s) => u.Bytes(s, prunes: false, 1, trained: false)), new("dense, 8 bits, damped, frozen", (u, s) => u.Bytes(s, prunes: false, Polynomials.Damped, trained: false)),
        new("pruned, float", (u, s) => u.Float(s, prunes: true)), new("pruned, 8 bits", (u, s) => u.Bytes(s, prunes: true, Polynomials.Damped, trained: true)),
        new("narrower, float", (u, s) => u.NarrowDense(s)), new("narrower, 8 bits", (u, s) => u.NarrowBytes(s)),
    ];

    private static readonly (string Less, string From, double? Margin)[] Comparisons =
    [
        ("dense, float", "dense, 8 bits", Trained), ("dense, 8 bits, damped, frozen", "dense, 8 bits", null), ("dense, 8 bits, damped, frozen", "dense, 8 bits, exact slopes, frozen", null),
        ("pruned, float", "pruned, 8 bits", AsFloat), ("dense, 8 bits", "pruned, 8 bits", Trained), ("dense, float", "pruned, 8 bits", AsFloat), ("narrower, 8 bits", "pruned, 8 bits", null),
    ];

    public EvidencePart Part => new("headline", string.Create(CultureInfo.InvariantCulture, $"{images.Name}: 8 bits and tokens dropped for {Budget:P0} of the dense net's modelled latency, {scale.Seeds.Count} seeds"),
        new(() => scale.Seeds.SelectMany(s => Arms.Select(a => a.Unit(_units, s))).ToValueList()), Rows,
    [
        string.Create(CultureInfo.InvariantCulture, $"All nets: {scale.DenseEpochs} epochs x {scale.TrainImages:#,0} images from scratch, {scale.TuneEpochs} more in float (the narrower one {scale.DenseEpochs + scale.TuneEpochs} at once, the others with the dense net as teacher), {scale.QuantEpochs} with 8-bit numbers and polynomials where it says 8 bits. Frozen: none of these, ranges set."),
        string.Create(CultureInfo.InvariantCulture, $"Narrower: {_units.Narrow.Shape.Width} channels instead of {images.Shape.Width} and {_units.Narrow.Shape.Expansion} times as many in the MLP instead of {images.Shape.Expansion}: of all such nets whose modelled latency is not above the pruned net's the one with most multiply-accumulates. Plan: before blocks {_units.Pruned.Blocks} shares {string.Join(", ", _units.Pruned.Shares.Select(s => s.ToString("F2", CultureInfo.InvariantCulture)))}."),
        string.Create(CultureInfo.InvariantCulture, $"Accuracy on {scale.TestImages:#,0} images of the official test set, which nothing was chosen by. Intervals pair arms by seed and image. Thresholds of pruned nets keep the plan's shares over {scale.CalibrationImages:#,0} training images; latencies are those of the tokens that test images kept."),
    ]);

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        float[][][][] right = [.. scale.Seeds.Select(seed => (float[][][])[[.. Arms.Select(a => CrossedBootstrap.Right((string)findings[a.Unit(_units, seed)]["right"]!, scale.TestImages))]])];
        Estimate?[] estimates = CrossedBootstrap.Of(right, (_, _, a) => [.. a, .. Comparisons.Select(c => a[At(c.From)] - a[At(c.Less)])], seed: 1);
        for (int i = 0; i < Arms.Count; i++) yield return new(images.Name, Arms[i].Name, "accuracy, %", Origin.Trained, estimates[i]!);
        for (int i = 0; i < Comparisons.Length; i++)
            yield return new(images.Name, $"{Comparisons[i].From} minus {Comparisons[i].Less}", "accuracy, points", Origin.Trained, estimates[Arms.Count + i]!, true, Comparisons[i].Margin);
        yield return Over("test images of 100 whose logits the integer engine gives bit for bit, fewest of all nets", "images", Origin.Trained,
            s => Arms.Select(a => findings[a.Unit(_units, s)]["exact"]).Where(e => e is not null).Min(e => (double)e!));
        foreach (Board board in (Board[])[BoardCatalog.Zcu102EighthInt, BoardCatalog.Zcu102])
            foreach (EvidenceRow row in Latencies(findings, new FpgaDevice(board))) yield return row;
    }

    private IEnumerable<EvidenceRow> Latencies(Findings findings, FpgaDevice board)
    {
        PruningConfig config = _units.Config(images);
        double dense16 = HeatVitUnits.Ms(board, config, 16, PruningPlan.Dense, null), dense8 = HeatVitUnits.Ms(board, config, 8, PruningPlan.Dense, null);
        yield return Row("dense, 16 bits", "ms", _ => dense16);
        yield return Row("dense, 8 bits", "ms", _ => dense8);
        yield return Row("pruned, 16 bits", "ms", s => Pruned(s, 16));
        yield return Row("pruned, 8 bits", "ms", s => Pruned(s, 8));
        yield return Row("narrower, 8 bits", "ms", _ => HeatVitUnits.Ms(board, _units.Config(_units.Narrow), 8, PruningPlan.Dense, null));
        yield return Row("speed-up by pruning alone, 16 bits", "ratio", s => dense16 / Pruned(s, 16));
        yield return Row("speed-up by 8 bits alone, dense", "ratio", _ => dense16 / dense8);
        yield return Row("speed-up by both", "ratio", s => dense16 / Pruned(s, 8));
        yield return Row("both over the product of the two", "ratio", s => dense16 / Pruned(s, 8) / (dense16 / Pruned(s, 16) * (dense16 / dense8)));

        double Pruned(ulong seed, int bits) => HeatVitUnits.Ms(board, config, bits, _units.Pruned, Found.Counts(findings[_units.Bytes(seed, prunes: true, Polynomials.Damped, trained: true)]["kept"]!));

        EvidenceRow Row(string statement, string metric, Func<ulong, double> value) => Over($"{board.Name}: {statement}", metric, Origin.Modelled, value);
    }

    private EvidenceRow Over(string statement, string metric, Origin origin, Func<ulong, double> value) =>
        new(images.Name, statement, metric, origin, PairedBootstrap.Of([.. scale.Seeds.Select(s => (double[])[value(s)])], seed: 1));

    private static int At(string name) => Enumerable.Range(0, Arms.Count).First(i => Arms[i].Name == name);
}
