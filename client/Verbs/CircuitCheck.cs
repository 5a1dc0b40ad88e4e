using Hone.Export;
using Hone.Model;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Qasm;

namespace Hone.Client.Verbs;

/// <summary>Verifies an exported circuit: simulated anew from its file, it must answer what its probe says.</summary>
internal static class CircuitCheck
{
    /// <summary>The report with the circuit's check; as it is where the folder holds none or something is wrong already.</summary>
    public static VerifyReport Added(VerifyReport report) =>
        report.Passed && report.Manifest.Files.Any(f => f.Name == CircuitFiles.Circuit3) ? report with { Checks = [.. report.Checks, .. Checks(report.Folder, report.Manifest)] } : report;

    private static IEnumerable<Check> Checks(string folder, Manifest manifest)
    {
        if (!manifest.Files.Any(f => f.Name == CircuitProbe.FileName)) return [new Check("circuit", false, $"the manifest states no {CircuitProbe.FileName} to run {CircuitFiles.Circuit3} on")];
        try
        {
            CircuitProbe probe = CircuitProbe.Read(File.ReadAllBytes(Path.Combine(folder, CircuitProbe.FileName)));
            int classes = probe.Expectations[0].Length, samples = probe.Labels.Length;
            var (difference, correct) = probe.Run(QasmReader.Read(File.ReadAllText(Path.Combine(folder, CircuitFiles.Circuit3))), [.. Enumerable.Range(0, classes)], samples);
            List<Check> checks =
            [
                new("circuit", difference <= CircuitProbe.Tolerance, FormattableString.Invariant($"{CircuitFiles.Circuit3}: simulated on {samples} samples, the largest difference of an expectation is {difference:g2} (tolerance {CircuitProbe.Tolerance:g2})")),
                new("accuracy", Math.Abs(correct - probe.Correct) <= probe.Undecided, FormattableString.Invariant($"accuracy on {samples} test samples: {100.0 * correct / samples:0.00} %, the probe says {100.0 * probe.Correct / samples:0.00} %{(probe.Undecided > 0 ? $" ({probe.Undecided} samples are undecided: their greatest expectations are equal)" : "")}")),
            ];
            if (manifest.Files.Any(f => f.Name == CircuitFiles.Circuit2))
            {
                double second = probe.First(QasmReader.Read(File.ReadAllText(Path.Combine(folder, CircuitFiles.Circuit2))), [.. Enumerable.Range(0, classes)]);
                checks.Add(new Check("circuit", second <= CircuitProbe.Tolerance, FormattableString.Invariant($"{CircuitFiles.Circuit2}: the first sample's expectations differ by {second:g2} at most")));
            }
            return checks;
        }
        catch (HoneException e)
        {
            return [new Check("circuit", false, e.Message)];
        }
    }
}
