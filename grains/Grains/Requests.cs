using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains;

/// <summary>
/// What submitting, pausing, resuming, stopping and extending make of a study's state. Plain functions without storage or clock: a refusal is thrown
/// before anything is touched, and each tells whether anything changed, so that asking twice is the same as once.
/// </summary>
internal static class Requests
{
    public const string Paused = "paused by request", Stopped = "stopped by request";

    /// <summary>Begins a study, goes on with a paused or failed one, or takes a larger budget. A stopped study stays stopped: it is finished, not searched further.</summary>
    /// <param name="state">Changed.</param>
    /// <param name="spec">Canonical text.</param>
    /// <exception cref="SpecException">No good study, another one of the same name, or a smaller budget than the file had.</exception>
    public static bool Submit(StudyState state, string spec)
    {
        StudyCatalog.Open(SpecText.Parse(spec));
        if (state.Spec is null)
        {
            (state.Spec, state.Submitted, state.Phase) = (spec, spec, StudyPhase.Prepare);
            return true;
        }
        // The file that was submitted stays good after its budget was raised by a command.
        if (spec == state.Spec || spec == state.Submitted) return !Running(state) && state.Phase != StudyPhase.Done && GoOn(state);
        Resubmission.Check(state.Spec, spec);
        (state.Spec, state.Submitted) = (spec, spec);
        Reopen(state);
        if (state.Phase == StudyPhase.Paused) GoOn(state);
        return true;
    }

    /// <exception cref="HoneException">Nothing runs that could pause.</exception>
    public static bool Pause(StudyState state)
    {
        if (state.Phase == StudyPhase.Paused) return false;
        if (!Running(state)) throw new HoneException($"expected a study that runs, it is {Word(state)}; nothing is left to pause");
        (state.ResumeAt, state.Phase, state.Reason) = (state.Phase, StudyPhase.Paused, Paused);
        return true;
    }

    /// <summary>Goes on with a paused or failed study; a stopped one searches on up to its budget.</summary>
    /// <exception cref="HoneException">It has used its budget.</exception>
    public static bool Resume(StudyState state)
    {
        if (state.Phase == StudyPhase.Paused) return GoOn(state);
        if (state.StopAsked)
        {
            Reopen(state);
            return true;
        }
        if (state.Phase == StudyPhase.Failed) return GoOn(state);
        if (Running(state)) return false;
        throw new HoneException($"expected a paused or stopped study, it is done with its {Budget(state)} trials; `hone extend` gives it more");
    }

    /// <summary>Ends the search at the trials committed so far; what remains is to finish their front.</summary>
    /// <param name="state">Changed.</param>
    /// <param name="evaluated">Committed evaluated trials.</param>
    /// <exception cref="HoneException">The search has ended, or there is nothing to draw a front from.</exception>
    public static bool Stop(StudyState state, int evaluated)
    {
        if (state.StopAsked) return state.Phase == StudyPhase.Paused && GoOn(state);
        StudyPhase at = Running(state) || state.Phase == StudyPhase.Done ? state.Phase : state.ResumeAt;
        if (at is StudyPhase.Finish or StudyPhase.Done) throw new HoneException($"expected a study that searches, it is {Word(state)} and its search has ended; nothing is left to stop");
        if (evaluated == 0) throw new HoneException("expected an evaluated trial to draw a front from, there is none yet; stop it later, or pause it");
        (state.Phase, state.StopAsked, state.Reason) = (StudyPhase.Finish, true, Stopped);
        return true;
    }

    /// <summary>Raises the budget; a study that had ended searches on, a paused one stays paused.</summary>
    /// <param name="state">Changed.</param>
    /// <param name="trials">The new budget.</param>
    /// <exception cref="SpecException">Not larger than the present one.</exception>
    public static bool Extend(StudyState state, int trials)
    {
        if (trials <= Budget(state)) throw new SpecException($"--trials: expected more than the {Budget(state)} trials that the study has, got {trials}; a budget can only be raised");
        var spec = (JsonObject)JsonNode.Parse(state.Spec!)!;
        if (spec["budget"] is not JsonObject budget) spec["budget"] = budget = [];
        budget["trials"] = trials;
        string extended = StudyJson.Canonical(spec);
        SpecText.Parse(extended);
        (state.Submitted, state.Spec) = (state.Submitted ?? state.Spec, extended);
        Reopen(state);
        return true;
    }

    /// <summary>Asks for the candidates of failed trials once more, as further ordinals; the study is finished anew after that.</summary>
    /// <param name="state">Changed.</param>
    /// <param name="failed">Ordinals that failed and were not retried.</param>
    /// <exception cref="HoneException">None failed, or the study was stopped.</exception>
    public static bool Retry(StudyState state, ValueList<int> failed)
    {
        ValueList<int> added = failed.Except(state.Retries).ToValueList();
        if (failed.Count > 0 && added.Count == 0) return false;   // asked before
        if (failed.Count == 0) throw new HoneException("expected a failed trial to try again, there is none");
        if (state.StopAsked) throw new HoneException("expected a study that was not stopped; `hone resume` takes it up first");
        state.Retries = [.. state.Retries, .. added];
        Reopen(state);
        return true;
    }

    /// <summary>Whether the driver has something to do.</summary>
    public static bool Running(StudyState state) => state.Phase is StudyPhase.Prepare or StudyPhase.Search or StudyPhase.Finish;

    private static bool GoOn(StudyState state)
    {
        (state.Phase, state.Reason) = (state.ResumeAt, state.StopAsked ? Stopped : null);
        return true;
    }

    private static void Reopen(StudyState state)
    {
        StudyPhase at = state.Shared is null ? StudyPhase.Prepare : StudyPhase.Search;
        (state.StopAsked, state.Artifacts) = (false, []);
        if (state.Phase == StudyPhase.Paused) state.ResumeAt = at;
        else (state.Phase, state.Reason) = (at, null);
    }

    private static int Budget(StudyState state) => SpecText.Parse(state.Spec!).Budget.Trials;

    private static string Word(StudyState state) => state.Phase.ToString().ToLowerInvariant();
}
