namespace Hone.Model;

/// <summary>A shard's part of one round of shared training, or the closing: what makes the weights from the ends of the last round.</summary>
/// <param name="Shard">From 0.</param>
/// <param name="Of">How many there are.</param>
/// <param name="Number">The round, from 0.</param>
/// <param name="Before">The state that the round before began with; null in the first.</param>
/// <param name="Ends">Where the shards of the round before ended, in their order; none in the first.</param>
public sealed record ShardRound(int Shard, int Of, int Number, BlobId? Before, ValueList<BlobId> Ends, bool Closes = false);

/// <summary>Where a shard's round ended.</summary>
/// <param name="Begin">The state that the round began with: the same of every shard.</param>
/// <param name="End">The shard's own state at the end.</param>
/// <param name="Last">Whether that was the last round.</param>
public sealed record ShardEnd(int Shard, int Of, int Number, BlobId Begin, BlobId End, bool Last);
