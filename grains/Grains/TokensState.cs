using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains;

/// <summary>The tokens of a cluster. Plain rules without storage or clock: a refusal is thrown before anything is changed.</summary>
[GenerateSerializer]
[Alias("hone.tokens-state")]
public sealed record TokensState
{
    private const int Most = 1_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    [Id(0)]
    public ValueList<TokenRecord> Tokens { get; init; } = [];

    /// <summary>The state with a new token; those long worthless are let go.</summary>
    /// <exception cref="SpecException">No good id or hash, or it would have expired already.</exception>
    /// <exception cref="HoneException">The id is taken, or there are too many.</exception>
    public TokensState With(TokenRecord token)
    {
        if (token.Id.Length is 0 or > 64 || token.Hash?.Length != 64) throw new SpecException("expected a token's id and the SHA-256 of its text, got something else; use one Hone for all silos and commands");
        if (token.Expires <= token.Created) throw new SpecException($"expires: expected a time to come, got {token.Expires:O}");
        TokenRecord[] kept = [.. Tokens.Where(t => !(t.Revoked < token.Created - Remembered) && !(t.Expires < token.Created - Remembered))];
        if (kept.Any(t => t.Id == token.Id)) throw new HoneException($"expected a new token id, {token.Id} is there already; try again");
        if (kept.Count(t => t.IsGood(token.Created)) >= Most) throw new HoneException($"expected at most {Most} tokens, that many are good already; `hone token revoke` makes room");
        return this with { Tokens = [.. kept, token] };
    }

    /// <summary>The state with a token revoked; the same state when it was.</summary>
    /// <exception cref="HoneException">No such token.</exception>
    public TokensState Without(string id, DateTimeOffset now)
    {
        TokenRecord known = Tokens.FirstOrDefault(t => t.Id == id) ?? throw new HoneException($"{id}: expected the id of a token, there is none of that id; `hone token list` shows all");
        return known.Revoked is not null ? this : this with { Tokens = Tokens.Select(t => t.Id == id ? t with { Revoked = now } : t).ToValueList() };
    }
}
