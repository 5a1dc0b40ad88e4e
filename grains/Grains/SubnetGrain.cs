using Hone.Contracts;
using Hone.Grains.Placement;

namespace Hone.Grains;

/// <summary>What is remembered of a candidate.</summary>
[GenerateSerializer]
[Alias("hone.subnet-state")]
public sealed class SubnetState
{
    [Id(0)]
    public JobResult? Result { get; set; }
}

/// <summary>Evaluates nothing itself: remembers, so that a candidate is evaluated once, ever, across studies.</summary>
[ControlOnly]
public sealed class SubnetGrain([PersistentState("memo")] IPersistentState<SubnetState> memo) : Grain, ISubnetGrain
{
    public Task<JobResult?> Recall() => Task.FromResult(memo.State.Result);

    public Task Remember(JobResult result) => memo.State.Result is not null ? Task.CompletedTask : memo.Write(new SubnetState { Result = result });
}
