using Hone.Model;

namespace Hone.Studies.Images;

/// <summary>Steps that follow others: the counter of a job only grows.</summary>
internal sealed class StepsAfter(IProgress<Progress> progress, long before) : IProgress<Progress>
{
    public void Report(Progress value) => progress.Report(value with { Step = before + value.Step, Steps = before + value.Steps });
}
