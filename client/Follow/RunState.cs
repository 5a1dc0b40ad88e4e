using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Follow;

/// <summary>What a view shows: the status of the moment, the trials so far and the front among them.</summary>
/// <param name="Status">As last heard.</param>
/// <param name="Evaluated">Evaluated trials in ordinal order; grows, never shrinks, and is safe to read up to the count given here.</param>
/// <param name="Front">Those of them that no other of their fidelity dominates, the highest there is (<see cref="Hone.Search.FrontFidelity"/>), by the first objective.</param>
/// <param name="Elapsed">Since this run began.</param>
/// <param name="Left">Estimated for the running phase; null when nothing is known.</param>
internal sealed record RunState(StudyStatus Status, IReadOnlyList<Trial> Evaluated, IReadOnlyList<Trial> Front, TimeSpan Elapsed, TimeSpan? Left);
