namespace Hone.Model;

/// <summary>
/// Ask and tell, the only verbs of search. The driver calls <c>Ask(0), Ask(1), ...</c> in order, and tells every trial with ordinal at most
/// <c>i - 1 - W</c> (W: the window), in order, before <c>Ask(i)</c>; so the answers depend on the seed and the outcomes alone, never on speed.
/// </summary>
public interface ISearcher
{
    /// <summary>
    /// The candidate of this ordinal and its fidelity. It may repeat an earlier one of the same fidelity after 64 draws that were not new; the same candidate at another fidelity is no
    /// repetition.
    /// </summary>
    Suggestion Ask(int ordinal);

    /// <summary>Learns an outcome. Trials come in ordinal order.</summary>
    void Tell(Trial trial);
}
