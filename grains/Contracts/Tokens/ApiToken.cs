using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Hone.Contracts;

/// <summary>
/// A bearer token: <c>hone_ID_SECRET</c>, the secret being 256 random bits. Only its hash is ever stored; the secret is long enough that a plain
/// SHA-256 cannot be turned back.
/// </summary>
/// <param name="Id">Names it in lists; 16 hex digits, no secret.</param>
/// <param name="Text">The whole token.</param>
public sealed record ApiToken(string Id, string Text)
{
    private const string Prefix = "hone_";
    private const int IdBytes = 8, SecretBytes = 32, IdLength = 2 * IdBytes, SecretLength = 43;

    /// <summary>SHA-256 of the text in lower-case hex.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    public static ApiToken New()
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return new ApiToken(id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>The token that a text is, or null when it has another shape.</summary>
    public static ApiToken? Of(string text)
    {
        const int secret = 5 + IdLength + 1;   // where it begins
        if (text.Length != secret + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[secret - 1] != '_') return null;
        string id = text[Prefix.Length..(secret - 1)];
        bool shaped = id.All(char.IsAsciiHexDigitLower) && text.AsSpan(secret).IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") < 0;
        return shaped ? new ApiToken(id, text) : null;
    }

    /// <summary>Whether a hash is this token's; takes as long when it is not.</summary>
    public bool IsOf(string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(hash));

    /// <summary>Without the secret, so that no log holds it.</summary>
    public override string ToString() => $"{Prefix}{Id}_...";
}
