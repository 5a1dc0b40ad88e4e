using System.Security.Cryptography.X509Certificates;

namespace Hone.Node;

/// <summary>What a node is started with.</summary>
/// <param name="Server">The silo's address.</param>
/// <param name="Token">Sent with every request.</param>
/// <param name="Device">The name under which studies ask for it.</param>
/// <param name="Authorities">Certificates that alone are trusted; null: the system's.</param>
/// <param name="Threads">Threads that it measures with; 0: one for each core.</param>
/// <param name="AliveFile">A file that is written whenever it asked for work, answered or not; null: none.</param>
/// <param name="Json">Whether it says what it does in JSON, a line each.</param>
public sealed record NodeOptions(Uri Server, string Token, string Device, X509Certificate2Collection? Authorities = null, int Threads = 0, bool Json = false, string? AliveFile = null);
