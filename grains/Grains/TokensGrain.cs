using Hone.Contracts;
using Hone.Grains.Placement;
using Hone.Model;

namespace Hone.Grains;

/// <summary>Keeps the tokens of the cluster, by their hashes.</summary>
[ControlOnly]
public sealed class TokensGrain([PersistentState("tokens")] IPersistentState<TokensState> state, TimeProvider clock) : Grain, ITokensGrain
{
    public Task<ValueList<TokenRecord>> All() => Task.FromResult(state.State.Tokens);

    public Task<TokenAnswer> Add(string id, string hash, Grant role, DateTimeOffset? expires) =>
        Change(id, now => state.State.With(new TokenRecord(id, hash, role, now, expires)));

    public Task<TokenAnswer> Revoke(string id) => Change(id, now => state.State.Without(id, now));

    private async Task<TokenAnswer> Change(string id, Func<DateTimeOffset, TokensState> change)
    {
        try
        {
            TokensState next = change(clock.GetUtcNow());
            if (next != state.State) await state.Write(next);
            return new TokenAnswer(next.Tokens.First(t => t.Id == id));
        }
        catch (HoneException e)
        {
            return new TokenAnswer(null, e.Message, e is SpecException ? 2 : 1);
        }
    }
}
