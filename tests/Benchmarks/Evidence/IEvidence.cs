using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>A method's evidence: parts made of units, and what is read from their results.</summary>
internal interface IEvidence
{
    /// <summary>As on the command line.</summary>
    string Name { get; }

    /// <summary>The folder of the method's README, from the repository's root.</summary>
    string Room { get; }

    /// <summary>The folder, from the repository's root, whose evidence folder keeps the units; several kinds of evidence may share units.</summary>
    string StoreRoom => Room;

    /// <summary>The name of their store.</summary>
    string Store => Name;

    /// <summary>The headline part first.</summary>
    ValueList<EvidencePart> Parts { get; }

    /// <summary>Measures the speed of one worker in some seconds, on the calling thread.</summary>
    Speed Measure();

    /// <summary>The most image passes of a part (an evaluation counts a third); a longer one is refused.</summary>
    double MostPasses => double.PositiveInfinity;

    /// <summary>What the plan is cut for: speeds of two idle cores [measured], and the limit in minutes.</summary>
    (Speed Speed, double Minutes) Budget { get; }
}

/// <summary>A part that is run by itself.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Title">One line.</param>
/// <param name="Units">What it needs done; parts may share units.</param>
/// <param name="Rows">Reads the finished units; called when all of them are.</param>
/// <param name="Notes">What a reader of the table must know.</param>
/// <param name="Timed">Whether units take times: then one runs after the other.</param>
internal sealed record EvidencePart(string Name, string Title, Lazy<ValueList<Unit>> Units, Func<Findings, IEnumerable<EvidenceRow>> Rows, ValueList<string> Notes, bool Timed = false);

/// <summary>The results of finished units.</summary>
internal sealed class Findings(UnitStore store)
{
    public JsonObject this[Unit unit] => Line(unit).Found;

    public double Seconds(Unit unit) => Line(unit).Seconds;

    private UnitLine Line(Unit unit) => store.Find(unit) ?? throw new InvalidOperationException($"{unit.Id} has no result");
}
