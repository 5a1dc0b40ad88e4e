using Hone.Contracts;
using Hone.Grains.Leasing;
using Hone.Studies;

namespace Hone.Grains.Telemetry;

/// <summary>
/// A label of an instrument and the closed set of values that it takes; anything else is told as "other". So no series can grow without end: neither by names that people
/// choose, nor by candidates.
/// </summary>
public sealed class Label
{
    /// <summary>What is told of a value outside the set.</summary>
    public const string Other = "other";

    /// <summary>What is told of a device that nodes measure: its name is chosen by people.</summary>
    public const string Attached = "attached";

    /// <summary>Slots of one silo, and studies whose front is told of at the same time in one silo.</summary>
    public const int MostSlots = 64, MostSeats = 50;

    private readonly HashSet<string> _values;

    private Label(string name, string says, params IEnumerable<string> values) => (Name, Says, _values) = (name, says, [.. values, Other]);

    public static readonly Label
        Method = new("method", "the study's method", StudyCatalog.Methods),
        Phase = new("phase", "the study's phase", Enum.GetValues<StudyPhase>().Select(Word)),
        Outcome = new("outcome", "what became of a trial", "evaluated", "rejected", "duplicate", "failed"),
        Job = new("job", "the kind of job", Enum.GetValues<JobKind>().Select(Word)),
        State = new("state", "whether a job waits or is leased", "waiting", "leased"),
        End = new("end", "how a slot's work on a job ended", "completed", "failed", "lost", "cancelled"),
        Loss = new("reason", "how a lease was lost", Enum.GetValues<LeaseLoss>().Select(Word)),
        Device = new("device", "a device of the catalog; attached: any that nodes measure", [.. DeviceCatalog.Names, Attached]),
        Residual = new("residual", "primal: how far values are from their levels; dual: how far the levels moved, times rho", "primal", "dual"),
        Measured = new("result", "how a node's work on a measurement ended: a reading that counts, one that does not, an operation that it has no kernel for, or given back", "counted", "refused", "uncovered", "released"),
        Bench = new("bench", "a number that an attached device has in the silo that keeps it; the log says which device took which", Enumerable.Range(0, MostSeats).Select(i => $"{i}")),
        Slot = new("slot", "the slot's number in its silo", Enumerable.Range(0, MostSlots).Select(i => $"{i}")),
        Seat = new("seat", "a number that a study has while it runs; the log says which study took which", Enumerable.Range(0, MostSeats).Select(i => $"{i}"));

    public string Name { get; }

    public string Says { get; }

    /// <summary>Every value that it can take.</summary>
    public IReadOnlySet<string> Values => _values;

    /// <summary>The label with a value, or with "other".</summary>
    public KeyValuePair<string, object?> Of(string value) => new(Name, _values.Contains(value) ? value : Other);

    public KeyValuePair<string, object?> Of(int number) => Of($"{number}");

    public KeyValuePair<string, object?> Of(Enum value) => Of(Word(value));

    /// <summary>An outcome's kind.</summary>
    public KeyValuePair<string, object?> Of(Model.Outcome outcome) => Of(outcome switch
    {
        Model.Outcome.Evaluated => "evaluated",
        Model.Outcome.Rejected => "rejected",
        Model.Outcome.Duplicate => "duplicate",
        Model.Outcome.Failed => "failed",
        _ => Other,
    });

    private static string Word<T>(T value) => $"{value}".ToLowerInvariant();
}
