namespace Hone.Node.Server;

/// <summary>What the server says when it refuses (RFC 9457); the detail is its one line.</summary>
internal sealed record ServerProblem(string? Detail);
