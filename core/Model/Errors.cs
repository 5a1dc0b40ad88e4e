namespace Hone.Model;

/// <summary>An error a user can act on: what was expected, what came, what to do. Shown as one line; exit code 1.</summary>
public class HoneException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The request itself is wrong (a study file, an option): exit code 2.</summary>
public sealed class SpecException(string message) : HoneException(message);

/// <summary>An evaluator's own failure with a stable code; twice the same makes the trial's outcome "failed".</summary>
public sealed class EvaluationException(string code, string message) : HoneException(message)
{
    public string Code { get; } = code;
}
