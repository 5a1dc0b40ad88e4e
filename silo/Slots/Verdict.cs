using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Slots;

/// <summary>
/// What an error on a slot says about its job. Of an evaluation only what the evaluator itself reports is an answer; weights that are missing, a folder that changed or a full disk
/// say something about this machine, so the lease counts as lost and another try may do. What trains or finishes stops its study with the reason.
/// </summary>
internal static class Verdict
{
    /// <summary>The failure to report, or null: the lease is given back.</summary>
    public static JobFailure? Of(JobKind kind, Exception error) => error switch
    {
        EvaluationException reported => new JobFailure(reported.Code, reported.Message),
        HoneException refused when kind != JobKind.Evaluate => new JobFailure("refused", refused.Message),
        _ => null,
    };

    /// <summary>What is said where the training images are not those that the weights were trained on.</summary>
    public static string OtherData(DataSpec data, BlobId expected, BlobId here) =>
        $"data: expected the training images that the shared weights were trained on (SHA-256 {expected.Hex[..12]}), {data.Path ?? data.Name} holds others now ({here.Hex[..12]}); "
        + "put the images back, or give the changed ones another folder and the study a new name";

    /// <summary>Why a lease is given back, in one line.</summary>
    public static string Reason(string slot, Exception error) => error is HoneException ? $"{slot}: {error.Message}" : $"{slot}: {error.GetType().Name}: {error.Message}";
}
