using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Security;

/// <summary>Tells what a token is worth. The cluster's tokens are asked for anew every two seconds, so a revocation acts within that at every silo.</summary>
internal sealed class TokenBook(RunToken run, IGrainFactory grains, TimeProvider clock)
{
    /// <summary>How long what was heard of the cluster's tokens is believed.</summary>
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(2);

    private static readonly string NoHash = new('0', 64);
    private readonly SemaphoreSlim _turn = new(1);
    private Dictionary<string, TokenRecord> _known = [];
    private long? _heard;

    /// <summary>The record of a good token; null for every other text.</summary>
    /// <remarks>Errors of the cluster pass through: without it nobody knows.</remarks>
    public async Task<TokenRecord?> Find(string text)
    {
        if (ApiToken.Of(text) is not { } token) return null;
        DateTimeOffset now = clock.GetUtcNow();
        if (run.Recognise(token, now) is { } own) return own;
        TokenRecord? record = (await Known()).GetValueOrDefault(token.Id);
        bool same = token.IsOf(record?.Hash ?? NoHash);
        return same && record!.IsGood(now) ? record : null;
    }

    private async Task<Dictionary<string, TokenRecord>> Known()
    {
        if (Fresh()) return _known;
        await _turn.WaitAsync();
        try
        {
            if (!Fresh())
            {
                ValueList<TokenRecord> all = await grains.GetGrain<ITokensGrain>("all").All();
                (_known, _heard) = (all.ToDictionary(t => t.Id, StringComparer.Ordinal), clock.GetTimestamp());
            }
            return _known;
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool Fresh() => _heard is { } at && clock.GetElapsedTime(at) < Believed;
}
