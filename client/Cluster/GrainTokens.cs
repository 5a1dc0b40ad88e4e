using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>Tokens over Orleans: who reaches the cluster's store may do everything. The secret is made here; the cluster gets its hash.</summary>
internal sealed class GrainTokens(IGrainFactory grains) : ITokenDesk
{
    private ITokensGrain Grain => grains.GetGrain<ITokensGrain>("all");

    public async Task<ValueList<TokenRecord>> All() => (await Grain.All()).Select(t => t.WithoutHash()).ToValueList();

    public async Task<NewToken> Create(Grant role, DateTimeOffset? expires)
    {
        ApiToken token = ApiToken.New();
        TokenRecord record = Taken(await Grain.Add(token.Id, token.Hash, role, expires));
        return new NewToken(record.Id, token.Text, record.Role, record.Expires);
    }

    public async Task<TokenRecord> Revoke(string id) => Taken(await Grain.Revoke(id)).WithoutHash();

    private static TokenRecord Taken(TokenAnswer answer) => answer.Token
        ?? throw (answer.ExitCode == ErrorLine.Usage ? new SpecException(answer.Error!) : new HoneException(answer.Error!));
}
