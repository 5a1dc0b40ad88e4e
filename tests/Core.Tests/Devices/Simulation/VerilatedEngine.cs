using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hone.Devices.Fpga;
using Hone.Devices.Fpga.Simulation;

namespace Hone.Core.Tests.Devices.Simulation;

/// <summary>core/Devices/Fpga/Rtl built by Verilator for one engine, as a process that multiplies. Skips the test where Verilator is missing.</summary>
internal sealed class VerilatedEngine : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hone-rtl-");
    private readonly Process _process;

    /// <param name="columns">The most that a bank holds.</param>
    public VerilatedEngine(Engine engine, int columns)
    {
        Assert.SkipUnless(Run("which", "verilator").Code == 0, "install verilator and a C++ compiler (apt-get install verilator g++ make)");
        string rtl = Path.Combine(Root(), "core", "Devices", "Fpga", "Rtl"), build = Path.Combine(_folder.FullName, "engine");
        (string Name, int Value)[] sizes =
            [("LANES", engine.Th * engine.Tk), ("TM", engine.Tm), ("FMAX", columns + columns % 2), ("PIN", engine.Ports.Input), ("PW", engine.Ports.Weights), ("POUT", engine.Ports.Output)];
        var (code, text) = Run("verilator",
        [
            "--cc", "--exe", "--build", "-j", "2", "-O3", "-Wall", "--top-module", "tile_engine", "--Mdir", build, "-o", "engine",
            .. sizes.Select(s => $"-G{s.Name}={s.Value}"), "-CFLAGS", "-O1 " + string.Join(' ', sizes.Select(s => $"-D{s.Name}={s.Value}")),
            Path.Combine(rtl, "tile_engine.sv"), Path.Combine(rtl, "packed_slice.sv"), Path.Combine(rtl, "tile_engine.cpp"),
        ]);
        Assert.True(code == 0, $"verilator refused the engine {engine.Name}: {text}");
        _process = Process.Start(new ProcessStartInfo(Path.Combine(build, "engine")) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Cycles, clocks from a multiplication to its sum, and accumulators (M, F).</summary>
    public (long Cycles, int Depth, int[] Sums) Multiply(GemmShape shape, Operands operands)
    {
        var job = new StringBuilder();
        job.Append(CultureInfo.InvariantCulture, $"{shape.Columns} {shape.K} {shape.Rows4} {shape.Rows8} {(operands.SignedActivations ? 1 : 0)}");
        foreach (short code in operands.Weights.Concat(operands.Activations)) job.Append(' ').Append(code);
        _process.StandardInput.WriteLine(job);
        _process.StandardInput.Flush();
        long[] head = Numbers();
        return (head[0], (int)head[1], Array.ConvertAll(Numbers(), n => (int)n));
    }

    private long[] Numbers() => [.. (_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the verilated engine ended")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture))];

    private static (int Code, string Text) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.Result);
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Cluster.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("expected the tests inside the repository, whose Rtl folder they build");
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }
}
