using Hone.Model;

namespace Hone.Contracts;

/// <summary>A token as the cluster keeps it.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Hash">SHA-256 of the token in lower-case hex; null where the record is shown.</param>
/// <param name="Role">What its bearer may do.</param>
/// <param name="Expires">From then on it is worth nothing; null: never.</param>
/// <param name="Revoked">Since when it is worth nothing; null while it is good.</param>
[GenerateSerializer, Immutable]
[Alias("hone.token")]
public sealed record TokenRecord(
    [property: Id(0)] string Id, [property: Id(1)] string? Hash, [property: Id(2)] Grant Role, [property: Id(3)] DateTimeOffset Created,
    [property: Id(4)] DateTimeOffset? Expires = null, [property: Id(5)] DateTimeOffset? Revoked = null)
{
    /// <summary>The record without the hash: what leaves the cluster.</summary>
    public TokenRecord WithoutHash() => this with { Hash = null };

    public bool IsGood(DateTimeOffset now) => Revoked is null && !(Expires <= now);
}

/// <summary>A token that was made; the only time that its secret is seen.</summary>
public sealed record NewToken(string Id, string Token, Grant Role, DateTimeOffset? Expires);

/// <summary>A record, or why there is none: one line, and the exit code of the request (2 when it is wrong itself).</summary>
[GenerateSerializer, Immutable]
[Alias("hone.token-answer")]
public sealed record TokenAnswer([property: Id(0)] TokenRecord? Token, [property: Id(1)] string? Error = null, [property: Id(2)] int ExitCode = 0);

/// <summary>The cluster's tokens; one grain, key "all". A secret never reaches it: who makes a token sends its hash.</summary>
[Alias("hone.tokens")]
public interface ITokensGrain : IGrainWithStringKey
{
    /// <summary>All that are known, also those that expired or were revoked within the last 30 days.</summary>
    [Alias("all")]
    Task<ValueList<TokenRecord>> All();

    /// <summary>Takes up a new token.</summary>
    [Alias("add")]
    Task<TokenAnswer> Add(string id, string hash, Grant role, DateTimeOffset? expires);

    /// <summary>Makes a token worthless; twice is the same as once.</summary>
    [Alias("revoke")]
    Task<TokenAnswer> Revoke(string id);
}
