using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Gemm.Generated;
using Iced.Intel;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The code that is written at run time, read back by a disassembler. This runs on every processor: it looks at code and executes none.</summary>
public class GeneratedTileTests
{
    private static readonly Dictionary<string, TileFormat> Formats = new()
    {
        ["float"] = TileFormat.Float, ["bf16"] = TileFormat.Bf16, ["byte"] = TileFormat.Byte, ["nibble"] = TileFormat.Nibble, ["binary"] = TileFormat.Binary,
    };

    public static IEnumerable<TheoryDataRow<string, int>> Tiles => Formats.SelectMany(f => Enumerable.Range(1, f.Value.Rows).Select(rows => new TheoryDataRow<string, int>(f.Key, rows)));

    [Theory]
    [MemberData(nameof(Tiles))]
    public void TheInnerLoopMultipliesAndLoadsAndDoesNothingElse(string name, int rows)
    {
        TileFormat format = Formats[name];
        Instruction[] loop = InnerLoop(TileEmitter.Emit(format, rows));
        Mnemonic multiply = name switch { "float" => Mnemonic.Vfmadd231ps, "bf16" => Mnemonic.Vdpbf16ps, "binary" => Mnemonic.Vpopcntd, _ => Mnemonic.Vpdpbusd };
        const int unrolled = 4, vectors = 2;
        Assert.Equal(unrolled * format.Halves * vectors * rows, loop.Count(i => i.Mnemonic == multiply));
        Assert.Equal(unrolled * format.Halves * rows, loop.Count(i => i.Mnemonic == Mnemonic.Vpbroadcastd));
        Assert.Equal(unrolled * vectors, loop.Count(i => i.Mnemonic is Mnemonic.Vmovups or Mnemonic.Vmovdqu64));
        Assert.All(loop, i => Assert.False(i.OpCount > 0 && i.Op0Kind == OpKind.Memory, $"{i} writes memory"));   // no sum leaves its register
        int beside = loop.Length - loop.Count(i => i.Op0Register.IsZMM());
        Assert.True(beside <= 2 + 1 + (rows + 2) / 3, $"{beside} instructions beside vectors': {string.Join("; ", loop)}");   // two for the counter, one for the panel, one for three rows each
    }

    [Theory]
    [InlineData("float")]
    [InlineData("bf16")]
    [InlineData("byte")]
    [InlineData("nibble")]
    [InlineData("binary")]
    public void OneRowReadsFourPanelsAtOnceAndItsInputOnce(string name)
    {
        TileFormat format = Formats[name];
        Instruction[] loop = InnerLoop(TileEmitter.Emit(format, 1, TileFormat.RowPanels));
        const int unrolled = 4;
        Instruction[] loads = [.. loop.Where(i => i.Mnemonic is Mnemonic.Vmovups or Mnemonic.Vmovdqu64)];
        Assert.Equal(unrolled * 8, loads.Length);
        Assert.Equal(4, loads.Select(i => i.MemoryBase).Distinct().Count());
        Assert.Equal(unrolled * format.Halves, loop.Count(i => i.Mnemonic == Mnemonic.Vpbroadcastd));
        Assert.Equal(8, loop.Where(i => i.Mnemonic is Mnemonic.Vfmadd231ps or Mnemonic.Vdpbf16ps or Mnemonic.Vpdpbusd or Mnemonic.Vpaddd).Select(i => i.Op0Register).Distinct().Count());
        Assert.All(loop, i => Assert.False(i.OpCount > 0 && i.Op0Kind == OpKind.Memory, $"{i} writes memory"));
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void OnlyRegistersThatAFunctionMayChangeAreChanged(string name, int rows)
    {
        var info = new InstructionInfoFactory();
        Register[] free = [Register.RAX, Register.RCX, Register.RDX, Register.RSI, Register.R8, Register.R9, Register.R10, Register.R11];
        foreach (Instruction instruction in Read(TileEmitter.Emit(Formats[name], rows)).Where(i => i.Mnemonic != Mnemonic.Ret))
            foreach (UsedRegister used in info.GetInfo(instruction).GetUsedRegisters().Where(r => r.Access is OpAccess.Write or OpAccess.ReadWrite && r.Register.IsGPR()))
                Assert.Contains(used.Register.GetFullRegister(), free);
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void EveryWayOutLeavesNoUpperHalvesBehind(string name, int rows)
    {
        Instruction[] code = Read(TileEmitter.Emit(Formats[name], rows));
        int[] returns = [.. Enumerable.Range(0, code.Length).Where(i => code[i].Mnemonic == Mnemonic.Ret)];
        Assert.Equal(2, returns.Length);
        Assert.All(returns, i => Assert.Equal(Mnemonic.Vzeroupper, code[i - 1].Mnemonic));
        Assert.Equal(Mnemonic.Ret, code[^1].Mnemonic);
    }

    [Fact]
    public void ATileOfMoreRowsThanRegistersHoldIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => TileEmitter.Emit(TileFormat.Float, TileFormat.Float.Rows + 1));

    // Heights that a product cuts its rows into depend on its sizes: here each, alone.
    [Fact]
    public void TilesOfAllHeightsGiveTheSums()
    {
        using var workers = new Workers(1);
        for (int m = 1; m <= TileFormat.Float.Rows; m++)
            foreach (int k in new[] { 1, 2, 3, 4, 5, 7, 8, 9, 63 })
            {
                const int n = 37;
                var sample = new Sample(m, n, k);
                foreach (TileKernel kernel in TileKernel.Float.Where(t => t.Generated))
                {
                    float[] y = new float[m * n];
                    new FloatGemm(sample.W, n, k, sample.Bias, kernel).Run(sample.X, y, m, workers);
                    sample.Each((i, j, sum, magnitude) => Assert.InRange(Math.Abs(y[i * n + j] - sum), 0, 1e-6 * magnitude));
                }
            }
    }

    // Memory of generated code: readable and executable, and not writable.
    [Fact]
    public void CodeThatRunsCannotBeWritten()
    {
        if (!CodeMemory.Allowed) return;   // a system that these kernels are not written for, or that forbids them: nothing to look at
        nint start = CodeMemory.Place([0xC3]);
        string line = File.ReadLines("/proc/self/maps").Single(l => Convert.ToInt64(l.Split('-')[0], 16) <= start && start < Convert.ToInt64(l.Split('-')[1].Split(' ')[0], 16));
        Assert.Equal("r-xp", line.Split(' ')[1]);
    }

    private static Instruction[] Read(byte[] code) => [.. Decoder.Create(64, code)];

    // From the target of the first jump back to that jump: the loop of four steps.
    private static Instruction[] InnerLoop(byte[] code)
    {
        Instruction[] all = Read(code);
        Instruction back = all.First(i => i.FlowControl == FlowControl.ConditionalBranch && i.NearBranchTarget < i.IP);
        return [.. all.Where(i => i.IP >= back.NearBranchTarget && i.IP <= back.IP)];
    }
}
