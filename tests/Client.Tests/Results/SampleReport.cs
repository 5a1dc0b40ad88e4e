using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Contracts;

namespace Hone.Client.Tests.Results;

/// <summary>A whole result folder as a vision study leaves it: 320 trials, a front of eight members and two demoted, costs on two boards, training curves.</summary>
internal static class SampleReport
{
    /// <returns>The path of its report.html.</returns>
    public static string Write(Scratch scratch, string name = "sample")
    {
        FrontFile front = ReportSamples.Front();
        for (int i = 0; i < front.Members.Count; i++)
        {
            scratch.Write($"{name}/models/{i + 1}/manifest.json", $"{{\"key\":\"{front.Members[i].Key}\"}}");
            scratch.Write($"{name}/models/{i + 1}/training.json", ReportSamples.TrainingText(front.Members[i].Ordinal));
        }
        scratch.Write($"{name}/costs.json", ReportSamples.CostsText(front));
        using var folder = new ResultFolder(scratch[name], TimeProvider.System);
        folder.BeginTrials();
        folder.Append(Enumerable.Range(0, 320).Select(i => Samples.Line(i).Line));
        folder.WriteWhole(ResultWriter.Front, ReportSamples.FrontText());
        ResultWriter.Draw(folder, front);
        return folder.At("report.html");
    }
}
