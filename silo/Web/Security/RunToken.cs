using System.Text;
using Hone.Contracts;
using Hone.Data;

namespace Hone.Silo.Web.Security;

/// <summary>
/// The token of this run of the silo, an admin's: made anew at each start, good at this silo alone, gone with it. It lies in DATA/api.token, readable
/// by the user alone, where commands find it by themselves.
/// </summary>
internal sealed class RunToken
{
    private static readonly Grant Admin = new(AccessRole.Admin);

    public ApiToken Token { get; } = ApiToken.New();

    /// <summary>What is known of it, where a token of a request is this one.</summary>
    public TokenRecord? Recognise(ApiToken token, DateTimeOffset now) => token.IsOf(Token.Hash) ? new TokenRecord(Token.Id, Token.Hash, Admin, now) : null;

    public void WriteTo(string dataFolder) =>
        AtomicFile.Write(Path.Combine(dataFolder, ClusterAddress.TokenFile), stream => stream.Write(Encoding.ASCII.GetBytes(Token.Text)), secret: true);
}
