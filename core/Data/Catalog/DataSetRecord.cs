using Hone.Model;

namespace Hone.Data;

/// <summary>A package of the operating system that carries a data set.</summary>
/// <param name="Name">For example dataset-fashion-mnist.</param>
/// <param name="Folder">Where the files lie inside it, without the leading slash.</param>
public sealed record SystemPackage(string Name, string Folder);

/// <summary>What is known of a data set.</summary>
/// <param name="Name">As in a study's data.name.</param>
/// <param name="Title">For people.</param>
/// <param name="ClassNames">In label order; empty when the folders decide.</param>
/// <param name="Channels">1 grey, 3 RGB; 0 when the reader decides.</param>
/// <param name="Height">Pixels; 0 when the reader decides.</param>
/// <param name="Width">Pixels; 0 when the reader decides.</param>
/// <param name="TrainCount">Training images; 0 when the folders decide.</param>
/// <param name="TestCount">Test images; 0 when the folders decide.</param>
/// <param name="Files">Empty when the user must bring the files.</param>
/// <param name="Addresses">Upstream folders, tried in order; each ends with a slash.</param>
/// <param name="Package">The Debian and Ubuntu package, or null.</param>
/// <param name="MadeFrom">The data set whose files these images are made from, or null.</param>
public sealed record DataSetRecord(
    string Name, string Title, DataFormat Format, ValueList<string> ClassNames, int Channels, int Height, int Width,
    int TrainCount, int TestCount, ValueList<DataFile> Files, ValueList<string> Addresses, SystemPackage? Package = null, string? MadeFrom = null)
{
    /// <summary>The name under which the files are looked for and cached.</summary>
    internal string Home => MadeFrom ?? Name;
}
