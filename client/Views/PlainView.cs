using Hone.Client.Follow;
using Hone.Contracts;

namespace Hone.Client.Views;

/// <summary>For logs and pipes: a line when a phase begins and every ten seconds.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider time) : IRunView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private StudyPhase _phase;
    private long _said;

    public void Show(RunState state)
    {
        if (state.Status.Phase == _phase && time.GetElapsedTime(_said) < Every) return;
        (_phase, _said) = (state.Status.Phase, time.GetTimestamp());
        (double done, double all) = Words.Progress(state.Status);
        string share = all > 0 ? $" {done / all:0.0%}" : "", figures = Words.Figures(state.Status), left = Words.Left(state);
        string front = state.Front.Count > 0 ? $"{state.Front.Count} on the front" : "";
        output.WriteLine($"{Words.Time(state.Elapsed),7}  {state.Status.Study}: {Words.Of(state.Status.Phase)}{share}"
            + string.Concat(new[] { figures, front, left, state.Status.Reason ?? "" }.Where(part => part.Length > 0).Select(part => "; " + part)));
    }

    public void Note(string line) => output.WriteLine(line);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
