using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Runtime;
using Hone.Devices.Cpu.Runtime.Heads;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class CpuNetworkTests
{
    private static readonly NumberFormat Int4 = NumberFormat.Int(4), Int8 = NumberFormat.Int(8), F32 = NumberFormat.F32;
    private static readonly Extent Four = Extent.Fixed("tokens", 4);

    public static TheoryData<string> Workloads => ["quasar-vit", "every kind", "decode"];

    private static Workload Make(string name) => name switch
    {
        "quasar-vit" => QuasarVitWorkload.Lower(QuasarVitGenome.Largest(QuasarVitConfig.FashionMnist), QuasarVitConfig.FashionMnist, name),
        "decode" => new Workload(name, Mode.Decode, 2, [Gemm("qkv", 64, 32, Extent.Fixed("tokens", 1)),
            new Op.Attention("attention", "b", 3, Place.Any, 4, 2, 8, Extent.Fixed("tokens", 1), Extent.Fixed("keys", 9), Int8, Int8, Int8, Int8, Int8, new Sparsity.Causal(0), Approximation.Polynomial, Cache: true)], CacheLength: 40),
        _ => new Workload(name, Mode.Infer, 2, Every()),
    };

    private static ValueList<Op> Every()
    {
        var tokens = new Extent("tokens", [new ExtentPoint(9, 0.5), new ExtentPoint(12, 0.5)], "measured");   // 10.5: run as 10
        var sparse = new Weights("s", 24, 16, [new RowPart(Int8, 24)], new Sparsity.Unstructured(0.3));
        var binary = Weights.Uniform("b", 16, 24, new NumberFormat(NumberKind.Binary, 1));
        List<Op> ops =
        [
            new Op.Conv("stem", "stem", 1, Place.Any, Weights.Uniform("stem", 16, 27, Int8), 8, 8, 3, 3, 1, 1, 1, Int8, Int8, [Function.Relu]),
            new Op.Conv("depthwise", "stem", 1, Place.Any, Weights.Uniform("dw", 16, 9, Int8), 8, 8, 3, 3, 2, 1, 16, Int8, Int8, [Function.LayerNorm]),
            new Op.Conv("grouped", "stem", 1, Place.Any, Weights.Uniform("g", 16, 36, Int8), 4, 4, 3, 3, 1, 1, 4, Int8, Int8, []),
            new Op.Gemm("sparse", "b", 2, Place.Any, sparse, tokens, Int8, Int8, [Function.Add, Function.Silu]),
            new Op.Gemm("binary", "b", 1, Place.Any, binary, tokens, Int8, Int8, [Function.Softmax]),
            new Op.Select("select", "b", 1, Place.Any, tokens, Four, 1, [Gemm("score", 2, 16, tokens)]),
            new Op.Recurrent("gru", "r", 1, Place.Any, Cell.Gru, Weights.Uniform("x", 48, 16, Int8), Weights.Uniform("h", 48, 16, F32), Four, Int8, F32),
            new Op.Recurrent("lstm", "r", 0, Place.Any, Cell.Lstm, Weights.Uniform("x", 64, 16, Int8), Weights.Uniform("h", 64, 16, Int8), Four, Int8, Int8),
        ];
        foreach (Function function in Enum.GetValues<Function>()) ops.Add(new Op.Elementwise($"{function}", "e", 1, Place.Host, function, Four, 16, F32, F32, Approximation.Exact));
        return ops.ToValueList();
    }

    private static Op.Gemm Gemm(string id, int m, int k, Extent columns) => new(id, "b", 1, Place.Any, Weights.Uniform(id, m, k, Int8), columns, Int8, F32, []);

    [Theory]
    [MemberData(nameof(Workloads))]
    public void EveryOperationGivesFiniteNumbersTheSameForAnyNumberOfWorkersAndInEveryRun(string name)
    {
        List<float[]>? first = null;
        foreach (int count in new[] { 1, 2, 2, 3 })
        {
            using var workers = new Workers(count);
            var network = new CpuNetwork(Make(name), workers, 7);
            for (int run = 0; run < 2; run++)
            {
                List<float[]> all = [.. network.Stages.Select(stage => network.Run(stage).ToArray())];
                Assert.All(all.SelectMany(y => y), v => Assert.True(float.IsFinite(v)));
                Assert.All(all, y => Assert.Contains(y, v => v != 0));
                first ??= all;
                for (int i = 0; i < all.Count; i++) Assert.Equal(first[i], all[i]);
            }
            network.Run();
            Assert.Equal(first![^1], network.Stages[^1].To.Span[..first[^1].Length]);
        }
    }

    [Fact]
    public void AnotherSeedGivesOtherNumbers()
    {
        using var workers = new Workers(1);
        float[][] all = [.. new ulong[] { 1, 2 }.Select(seed =>
        {
            var network = new CpuNetwork(Make("quasar-vit"), workers, seed);
            network.Run();
            return network.Stages[^1].To.Span[..10].ToArray();
        })];
        Assert.NotEqual(all[0], all[1]);
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void ARunAllocatesNothing(string name)
    {
        using var workers = new Workers(2);
        var network = new CpuNetwork(Make(name), workers, 7);
        network.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void NotesSayWhatRunsOtherwiseAndInstructionsAreOfThisProcessor()
    {
        using var workers = new Workers(1);
        var vit = new CpuNetwork(Make("quasar-vit"), workers, 1);
        Assert.Contains("b1.fc1: 6-bit inputs run as 8-bit codes", vit.Notes);
        Assert.Contains($"b1.attention: q, k, v and probabilities are {(CodeHeads.AreFaster ? "8-bit codes" : "32-bit floats")}", vit.Notes);
        Assert.DoesNotContain(vit.Notes, note => note.StartsWith("head", StringComparison.Ordinal));
        Assert.Contains(vit.Instructions, InstructionSets.Available);
        var every = new CpuNetwork(Make("every kind"), workers, 1);
        Assert.Contains("binary: reference kernel, no fast one covers Binary rows", every.Notes);
        Assert.Contains("sparse: sparse weights (Unstructured, density 0.3) run dense, with zeros", every.Notes);
        Assert.Contains(every.Notes, note => note.StartsWith("grouped: reference kernel, no fast one covers 4 groups", StringComparison.Ordinal));
        Assert.Contains("attention: softmax computed exactly instead of by Polynomial", new CpuNetwork(Make("decode"), workers, 1).Notes);
        var small = new CpuNetwork(new Workload("w", Mode.Infer, 1, [Gemm("g", 4, 4, Four) with { Weights = Weights.Uniform("w", 4, 4, Int4) }]), workers, 1);
        Assert.Empty(small.Notes);   // two weights to a byte
    }

    [Fact]
    public void SizesThatVaryRunAtTheirMeanAndOperationsReadWhatTheOneBeforeWrote()
    {
        using var workers = new Workers(1);
        var network = new CpuNetwork(Make("every kind"), workers, 1);
        CpuNetwork.Stage Of(string id) => network.Stages.Single(stage => stage.Id == id);
        Assert.Equal(2 * 10 * 24, Of("sparse").Operation.Outputs);
        Assert.Equal(2 * (4 + 1) * 16, Of("select").Operation.Outputs);
        Assert.DoesNotContain(network.Stages, stage => stage.Id == "lstm");
        Assert.Null(network.Stages[0].From);
        Assert.Same(Of("sparse").To, Of("binary").From);
        Assert.Same(Of("stem").To, Of("depthwise").From);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "circuit", "quantum circuit: a simulated device runs it" }, { "crossbar", "a simulated device runs it" }, { "rows", "must sum to M = 16, got 12" }, { "empty", "at least 1" },
        { "heads", "heads must be a multiple of key heads, got 3 and 2" }, { "keys", "expected as many keys at least, got 4" }, { "kernel", "larger than the padded image" }, { "gates", "must have 48 rows" },
        { "scorer", "needs a scorer" }, { "kept", "at most 4 tokens" }, { "huge", "do not fit one buffer" }, { "density", "density of weights" }, { "repeats", "must not be negative" }, { "causal", "cannot be causal" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatHasNoKernelIsRefusedByNameWithTheReason(string id, string reason)
    {
        var workload = new Workload("w", Mode.Infer, 1, [Gemm("fine", 16, 16, Four), Refuse(id)]);
        Coverage coverage = CpuNetwork.Covers(workload);
        Assert.Equal((false, id), (coverage.Complete, coverage.Operation));
        Assert.Contains(reason, coverage.Reason);
        using var workers = new Workers(1);
        Assert.Contains($"cannot run '{id}'", Assert.Throws<HoneException>(() => new CpuNetwork(workload, workers, 1)).Message);
    }

    [Fact]
    public void TrainingAndEmptyWorkloadsAreRefusedAndTheOthersCovered()
    {
        Assert.False(CpuNetwork.Covers(new Workload("w", Mode.Train, 1, [Gemm("g", 4, 4, Four)])).Complete);
        Assert.False(CpuNetwork.Covers(new Workload("w", Mode.Infer, 1, [])).Complete);
        Assert.False(CpuNetwork.Covers(new Workload("w", Mode.Infer, 0, [Gemm("g", 4, 4, Four)])).Complete);
        foreach (string name in Workloads.Select(row => row.Data)) Assert.Equal(new Coverage(true), CpuNetwork.Covers(Make(name)));
    }

    private static Op Refuse(string id) => id switch
    {
        "circuit" => new Op.Circuit(id, "circuit", 1, Place.Any, 1, ["h q[0];"], 1, 100),
        "crossbar" => new Op.Crossbar(id, "layer", 1, Place.Any, 16, 16, 1, 16, 32, 2.4, "apc"),
        "rows" => Gemm(id, 16, 16, Four) with { Weights = new Weights("w", 16, 16, [new RowPart(Int8, 12)], Sparsity.Dense) },
        "empty" => Gemm(id, 16, 16, Extent.Fixed("tokens", 0)),
        "heads" => Attention(id, 3, 2, 4),
        "keys" => Attention(id, 2, 2, 5) with { Sparsity = new Sparsity.Causal(0) },
        "kernel" => new Op.Conv(id, "stem", 1, Place.Any, Weights.Uniform("w", 4, 25, Int8), 4, 4, 5, 5, 1, 0, 1, Int8, Int8, []),
        "gates" => new Op.Recurrent(id, "r", 1, Place.Any, Cell.Gru, Weights.Uniform("x", 16, 16, Int8), Weights.Uniform("h", 16, 16, Int8), Four, Int8, Int8),
        "scorer" => new Op.Select(id, "b", 1, Place.Any, Four, Four, 0, []),
        "kept" => new Op.Select(id, "b", 1, Place.Any, Four, Extent.Fixed("tokens", 5), 0, [Gemm("s", 1, 8, Four)]),
        "huge" => Gemm(id, 1 << 16, 1 << 16, Four),
        "density" => Gemm(id, 16, 16, Four) with { Weights = new Weights("w", 16, 16, [new RowPart(Int8, 16)], new Sparsity.Unstructured(0)) },
        "causal" => Gemm(id, 16, 16, Four) with { Weights = new Weights("w", 16, 16, [new RowPart(Int8, 16)], new Sparsity.Causal(0)) },
        _ => Gemm(id, 16, 16, Four) with { Repeat = -1 },
    };

    private static Op.Attention Attention(string id, int heads, int kvHeads, int queries) =>
        new(id, "b", 1, Place.Any, heads, kvHeads, 8, Extent.Fixed("queries", queries), Extent.Fixed("keys", 4), F32, F32, F32, F32, F32, Sparsity.Dense, Approximation.Exact, false);
}
