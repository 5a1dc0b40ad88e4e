namespace Hone.Data;

/// <summary>A file of a data set and the identity of what it holds.</summary>
/// <param name="Name">As published.</param>
/// <param name="Sha256">Lower-case hex, of the content: after gunzip when <paramref name="Gunzip"/>, else of the file as it is.</param>
/// <param name="Length">Bytes of that content.</param>
/// <param name="Gunzip">
/// The content is what gzip holds, so a repacked or an unpacked file (without .gz) is the same file. Distributions repack: the gzip header
/// carries a name and a time.
/// </param>
public sealed record DataFile(string Name, string Sha256, long Length, bool Gunzip)
{
    /// <summary>The names under which the file may lie on disk, the published one first.</summary>
    internal IEnumerable<string> Names => Gunzip ? [Name, Name[..^".gz".Length]] : [Name];
}
