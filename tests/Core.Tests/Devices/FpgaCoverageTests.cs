using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class FpgaCoverageTests
{
    private static readonly FpgaDevice Device = new(BoardCatalog.Zcu102Eighth);
    private static readonly NumberFormat Int8 = NumberFormat.Int(8);
    private static readonly Weights W = Weights.Uniform("w", 16, 16, Int8);
    private static readonly Extent N = Extent.Fixed("tokens", 16);

    public static TheoryData<string, string> Refused => new()
    {
        { "conv", "convolution" }, { "gru", "recurrent" }, { "crossbar", "crossbar" }, { "circuit", "quantum" },
        { "float-weights", "Float of 32 bits" }, { "float-input", "Float of 16 bits" }, { "rows", "must sum to M = 16, got 12" },
        { "empty", "at least 1" }, { "attention", "V must be an integer" }, { "host", "ARM cores" }, { "scorer", "Float of 32 bits" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatTheEnginesCannotRunIsRefusedByNameWithTheReason(string id, string reason)
    {
        var workload = new Workload("w", Mode.Infer, 1, [Gemm("fine", W, N, Int8), Make(id)]);
        Coverage coverage = Device.Covers(workload);
        Assert.Equal((false, id), (coverage.Complete, coverage.Operation));
        Assert.Contains(reason, coverage.Reason);
        Quote quote = Device.Price(Schedule.Once(workload));
        Assert.Empty(quote.Totals);
        Assert.Contains($"cannot run '{id}'", Assert.Single(quote.Why).Reason);
        Assert.Empty(Device.Configurations(workload));
        if (reason is "convolution" or "recurrent") Assert.Throws<HoneException>(() => Device.LatencyMs(workload, 0));
    }

    [Fact]
    public void TrainingEmptyWorkloadsAndEmptySchedulesAreRefused()
    {
        Assert.False(Device.Covers(new Workload("w", Mode.Train, 1, [Gemm("g", W, N, Int8)])).Complete);
        Assert.False(Device.Covers(new Workload("w", Mode.Infer, 1, [])).Complete);
        Assert.Empty(Device.Price(new Schedule([])).Totals);
    }

    [Fact]
    public void TokenSelectionCostsItsScorer()
    {
        Op.Gemm scorer = Gemm("score", W, N, Int8);
        var select = new Workload("s", Mode.Infer, 1, [new Op.Select("select", "block 1", 1, Place.Any, N, Extent.Fixed("tokens", 9), 1, [scorer])]);
        var alone = new Workload("g", Mode.Infer, 1, [scorer]);
        Assert.True(Device.Covers(select).Complete);
        Assert.Equal(Device.LatencyMs(alone, 0), Device.LatencyMs(select, 0));
        Assert.Equal(16, Device.Price(Schedule.Once(select)).Value("host_elements"));
    }

    [Fact]
    public void AnApproximatedSoftmaxStaysOnTheAccelerator()
    {
        Op.Attention Softmax(Approximation a) => new("a", "b", 1, Place.Any, 2, 2, 16, N, N, Int8, Int8, Int8, Int8, Int8, Sparsity.Dense, a, false);
        double Elements(Approximation a) => Device.Price(Schedule.Once(new Workload("w", Mode.Infer, 1, [Softmax(a)]))).Value("host_elements")!.Value;
        Assert.Equal((2.0 * 16 * 16, 0.0), (Elements(Approximation.Exact), Elements(Approximation.Polynomial)));
    }

    private static Op.Gemm Gemm(string id, Weights w, Extent n, NumberFormat input) => new(id, "block 1", 1, Place.Any, w, n, input, Int8, []);

    private static Op Make(string id) => id switch
    {
        "conv" => new Op.Conv(id, "stem", 1, Place.Any, W, 8, 8, 1, 1, 1, 0, 1, Int8, Int8, []),
        "gru" => new Op.Recurrent(id, "rnn", 1, Place.Any, Cell.Gru, W, W, N, Int8, Int8),
        "crossbar" => new Op.Crossbar(id, "layer", 1, Place.Any, 16, 16, 1, 16, 32, 2.4, "apc"),
        "circuit" => new Op.Circuit(id, "circuit", 1, Place.Any, 1, ["h q[0];"], 1, 100),
        "float-weights" => Gemm(id, Weights.Uniform("w", 16, 16, NumberFormat.F32), N, Int8),
        "float-input" => Gemm(id, W, N, NumberFormat.BF16),
        "rows" => Gemm(id, W with { Rows = [new RowPart(Int8, 12)] }, N, Int8),
        "empty" => Gemm(id, W, Extent.Fixed("tokens", 0), Int8),
        "attention" => new Op.Attention(id, "b", 1, Place.Any, 2, 2, 16, N, N, Int8, Int8, NumberFormat.F32, Int8, Int8, Sparsity.Dense, Approximation.Exact, false),
        "host" => Gemm(id, W, N, Int8) with { Place = Place.Host },
        _ => new Op.Select(id, "b", 1, Place.Any, N, N, 0, [Gemm("s", Weights.Uniform("w", 16, 16, NumberFormat.F32), N, Int8)]),
    };
}
