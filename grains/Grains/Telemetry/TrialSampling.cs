using System.Globalization;
using Hone.Model;

namespace Hone.Grains.Telemetry;

/// <summary>Which trials are traced: by ordinal, so that it is the same ones in every run.</summary>
/// <param name="Every">Each so many; 0: none; null: every one where an evaluation is dear, each 256th where many go into a job.</param>
public sealed record TrialSampling(int? Every)
{
    /// <summary>The variable that sets it.</summary>
    public const string Variable = "HONE_TRACE_TRIALS";

    private const int Cheap = 256;

    public static readonly TrialSampling None = new(0);

    /// <param name="text">The variable's value; null or empty: by what an evaluation costs.</param>
    /// <exception cref="SpecException">Not a number from 0 on.</exception>
    public static TrialSampling Parse(string? text) => text is null or "" ? new TrialSampling((int?)null)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int every) ? new TrialSampling(every)
        : throw new SpecException($"${Variable}: expected how many trials go to one that is traced (1: all, 0: none), got '{text}'");

    /// <param name="ordinal">The trial's.</param>
    /// <param name="batch">How many candidates of the study go into a job at most.</param>
    public bool Takes(int ordinal, int batch) => (Every ?? (batch == 1 ? 1 : Cheap)) is var every and > 0 && ordinal % every == 0;
}
