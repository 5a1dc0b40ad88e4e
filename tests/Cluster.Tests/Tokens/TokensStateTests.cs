using Hone.Contracts;
using Hone.Grains;
using Hone.Model;

namespace Hone.Cluster.Tests.Tokens;

public class TokensStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Grant Viewer = new(AccessRole.Viewer);

    private static TokenRecord Token(string id, DateTimeOffset? created = null, DateTimeOffset? expires = null) => new(id, new string('a', 64), Viewer, created ?? Now, expires);

    [Fact]
    public void ATokenIsGoodUntilItExpiresOrIsRevoked()
    {
        TokensState state = new TokensState().With(Token("a", expires: Now.AddHours(1))).With(Token("b"));
        Assert.All(state.Tokens, t => Assert.True(t.IsGood(Now)));
        Assert.False(state.Tokens[0].IsGood(Now.AddHours(1)));
        TokensState without = state.Without("b", Now.AddMinutes(1));
        Assert.Equal([true, false], without.Tokens.Select(t => t.IsGood(Now.AddMinutes(2))));
        Assert.Same(without, without.Without("b", Now.AddMinutes(9)));   // twice is once
    }

    [Fact]
    public void AnUnknownIdATakenOneAndAPastEndAreRefused()
    {
        TokensState state = new TokensState().With(Token("a"));
        Assert.Contains("hone token list", Assert.Throws<HoneException>(() => state.Without("b", Now)).Message);
        Assert.Throws<HoneException>(() => state.With(Token("a")));
        Assert.Throws<SpecException>(() => state.With(Token("b", expires: Now)));
        Assert.Throws<SpecException>(() => state.With(Token("b") with { Hash = "secret" }));
        Assert.Throws<SpecException>(() => state.With(Token("")));
    }

    [Fact]
    public void WhatIsLongWorthlessIsForgottenAndNothingElse()
    {
        TokensState state = new TokensState().With(Token("expired", Now, Now.AddDays(1))).With(Token("revoked")).Without("revoked", Now).With(Token("good"));
        Assert.Equal(["expired", "revoked", "good", "soon"], state.With(Token("soon", Now.AddDays(29))).Tokens.Select(t => t.Id));
        Assert.Equal(["good", "late"], state.With(Token("late", Now.AddDays(40))).Tokens.Select(t => t.Id));
    }

    [Fact]
    public void GoodTokensAreBounded()
    {
        TokensState state = new() { Tokens = Enumerable.Range(0, 1_000).Select(i => Token($"{i}")).ToValueList() };
        Assert.Contains("revoke", Assert.Throws<HoneException>(() => state.With(Token("one-more"))).Message);
        Assert.Equal(1_001, state.Without("7", Now).With(Token("one-more")).Tokens.Count);
    }
}
