using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains;

/// <summary>How far a shard is in the round that runs.</summary>
/// <param name="Checkpoint">Inside the round; null at its beginning.</param>
/// <param name="Step">Of the checkpoint.</param>
/// <param name="End">Once the shard's round has ended.</param>
/// <param name="Previous">The checkpoint before that, gone on from when the bytes of the last are lost.</param>
/// <param name="PreviousStep">Its step.</param>
[GenerateSerializer, Immutable]
[Alias("hone.shard-state")]
public sealed record ShardState(
    [property: Id(0)] BlobId? Checkpoint = null, [property: Id(1)] long Step = 0, [property: Id(2)] ShardEnd? End = null,
    [property: Id(3)] BlobId? Previous = null, [property: Id(4)] long PreviousStep = 0);

/// <summary>What of a supernet's training is durable, and the rules by which it goes on. Bytes are safe in the blob store before they are named here.</summary>
[GenerateSerializer]
[Alias("hone.supernet-state")]
public sealed record SupernetState
{
    /// <summary>Of a training by one; by several shards each has its own.</summary>
    [Id(0)]
    public BlobId? Checkpoint { get; init; }

    [Id(1)]
    public long Step { get; init; }

    [Id(2)]
    public BlobId? Ready { get; init; }

    /// <summary>The class of the latest checkpoint or of the weights: the rest is computed in no other.</summary>
    [Id(3)]
    public string? Numerics { get; init; }

    /// <summary>The training images of the latest checkpoint or of the weights.</summary>
    [Id(4)]
    public BlobId? Data { get; init; }

    /// <summary>The round that runs; once <see cref="Closing"/>, how many there were.</summary>
    [Id(5)]
    public int Round { get; init; }

    /// <summary>The state that the round before began with; null in the first.</summary>
    [Id(6)]
    public BlobId? Before { get; init; }

    /// <summary>Where the shards of the round before ended; none in the first.</summary>
    [Id(7)]
    public ValueList<BlobId> Ends { get; init; } = [];

    /// <summary>Of the round that runs, as far as anything is known of them.</summary>
    [Id(8)]
    public ValueList<ShardState> Shards { get; init; } = [];

    /// <summary>Whether the last round has ended: what is left is to make the weights.</summary>
    [Id(9)]
    public bool Closing { get; init; }

    /// <summary>The checkpoint before the last, of a training by one: gone on from when the bytes of the last are lost.</summary>
    [Id(10)]
    public BlobId? Previous { get; init; }

    [Id(11)]
    public long PreviousStep { get; init; }

    /// <summary>Everything in the blob store that this state needs: of checkpoints, the last two of each job.</summary>
    public IEnumerable<BlobId> Blobs() => new[] { Checkpoint, Previous, Ready, Before }.Concat(Shards.SelectMany(s => new[] { s.Checkpoint, s.Previous, s.End?.End, s.End?.Begin }))
        .OfType<BlobId>().Concat(Ends);

    /// <summary>The jobs that are to be done now.</summary>
    /// <param name="key">The supernet's.</param>
    /// <param name="spec">The study as canonical JSON.</param>
    /// <param name="shards">The study's.</param>
    public IEnumerable<Job> Jobs(string key, string spec, int shards)
    {
        if (Ready is not null) return [];
        var job = new Job($"prepare/{key}", JobKind.Prepare, key, spec, Checkpoint: Checkpoint, Numerics: Numerics, StallSeconds: 300, Data: Data);
        if (shards == 1) return [job];
        if (Closing) return [job with { Id = $"{job.Id}/close", Round = new ShardRound(0, shards, Round, Before, Ends, Closes: true) }];
        return Enumerable.Range(0, shards).Where(s => At(s).End is null)
            .Select(s => job with { Id = $"{job.Id}/{Round}/{s}", Checkpoint = At(s).Checkpoint, Round = new ShardRound(s, shards, Round, Before, Ends) });
    }

    /// <summary>The state with a checkpoint that leads further than the last of the same part; else as it is.</summary>
    public SupernetState With(TrainingCheckpoint found)
    {
        if (Ready is not null || !SameClass(found.Numerics)) return this;
        SupernetState here = this with { Numerics = found.Numerics, Data = found.Data };
        if (found.Round is not { } part) return found.Step > Step ? here with { Checkpoint = found.Blob, Step = found.Step, Previous = Checkpoint, PreviousStep = Step } : this;
        ShardState shard = At(part.Shard);
        return Runs(part.Number) && shard.End is null && found.Step > shard.Step ? here with { Shards = Set(part.Shard, new ShardState(found.Blob, found.Step, Previous: shard.Checkpoint, PreviousStep: shard.Step)) } : this;
    }

    /// <summary>The state without the checkpoints whose bytes are lost: what came before them is gone on from, or the beginning.</summary>
    /// <param name="lost">Whether a blob's bytes are.</param>
    public SupernetState Without(Func<BlobId, bool> lost)
    {
        var (checkpoint, step, previous) = Kept(Checkpoint, Step, Previous, PreviousStep, lost);
        return this with
        {
            Checkpoint = checkpoint, Step = step, Previous = previous, PreviousStep = previous is null ? 0 : PreviousStep,
            Shards = Shards.Select(s => Kept(s.Checkpoint, s.Step, s.Previous, s.PreviousStep, lost) is var (last, at, before)
                ? s with { Checkpoint = last, Step = at, Previous = before, PreviousStep = before is null ? 0 : s.PreviousStep } : s).ToValueList(),
        };
    }

    /// <summary>The checkpoint to go on from, of the part that such a one is of; null: none.</summary>
    public TrainingCheckpoint? Latest(ShardRound? part)
    {
        var (blob, step) = part is null ? (Checkpoint, Step) : Runs(part.Number) && At(part.Shard) is { End: null } shard ? (shard.Checkpoint, shard.Step) : (null, 0);
        return blob is { } at && Numerics is { } numerics ? new TrainingCheckpoint(at, step, numerics, Data, part) : null;
    }

    /// <summary>Why a shard's end cannot belong to this training; null when it can. All shards begin a round with the same bits.</summary>
    public string? Refuses(ShardEnd end) => Runs(end.Number) && Shards.Select(s => s.End).OfType<ShardEnd>().FirstOrDefault(e => e.Begin != end.Begin) is { } other
        ? $"shards {other.Shard} and {end.Shard} did not begin round {end.Number} with the same bits: this is an error in Hone; report it with the study" : null;

    /// <summary>The state with a job's result; an answer that comes too late, or was computed in another class, changes nothing.</summary>
    public SupernetState With(JobResult result)
    {
        if (Ready is not null) return this;
        if (result.Shared is { } weights) return new SupernetState { Ready = weights, Numerics = result.Numerics, Data = result.Data };
        if (result.Round is not { } end || !Runs(end.Number) || At(end.Shard).End is not null || !SameClass(result.Numerics)) return this;
        SupernetState next = this with { Numerics = result.Numerics, Data = result.Data, Shards = Set(end.Shard, new ShardState(End: end)) };
        if (next.Shards.Count(s => s.End is not null) < end.Of) return next;
        return next with { Round = Round + 1, Before = end.Begin, Ends = next.Shards.Select(s => s.End!.End).ToValueList(), Shards = [], Closing = end.Last };
    }

    private static (BlobId? Checkpoint, long Step, BlobId? Previous) Kept(BlobId? checkpoint, long step, BlobId? previous, long previousStep, Func<BlobId, bool> lost)
    {
        BlobId? before = previous is { } p && !lost(p) ? p : null;
        if (checkpoint is { } last && !lost(last)) return (last, step, before);
        return before is null ? (null, 0, null) : (before, previousStep, null);
    }

    private bool Runs(int round) => !Closing && round == Round;

    private bool SameClass(string numerics) => Numerics is null || Numerics == numerics;

    private ShardState At(int shard) => shard < Shards.Count ? Shards[shard] : new ShardState();

    private ValueList<ShardState> Set(int shard, ShardState state) => Enumerable.Range(0, Math.Max(Shards.Count, shard + 1)).Select(i => i == shard ? state : At(i)).ToValueList();
}
