namespace Hone.Neural.Vit;

/// <summary>Times training steps of several trainings, step by step in turn, so that what disturbs the machine disturbs all.</summary>
internal static class StepTurns
{
    private const int WarmUp = 6;

    /// <summary>Steps that a training must have for so many timed ones.</summary>
    public static int Steps(int timed) => WarmUp + timed;

    /// <summary>Mean seconds of a step of each.</summary>
    /// <param name="trainings">That have made no step yet, with as many as <see cref="Steps"/> says.</param>
    public static double[] Run(IReadOnlyList<VitTrainer> trainings, int timed, TimeProvider clock)
    {
        double[] seconds = new double[trainings.Count];
        for (int step = -WarmUp; step < timed; step++)
            for (int which = 0; which < seconds.Length; which++)
            {
                long start = clock.GetTimestamp();
                trainings[which].Next();
                if (step >= 0) seconds[which] += clock.GetElapsedTime(start).TotalSeconds / timed;
            }
        return seconds;
    }
}
