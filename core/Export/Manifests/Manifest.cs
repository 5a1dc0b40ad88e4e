using Hone.Model;

namespace Hone.Export;

/// <summary>What a model folder holds and what was measured of it: models/n/manifest.json.</summary>
/// <param name="Format">Version of this layout; <see cref="CurrentFormat"/>.</param>
/// <param name="Study">The study's name.</param>
/// <param name="Ordinal">The trial that this candidate came from.</param>
/// <param name="Key">The candidate's canonical key.</param>
/// <param name="Genes">Active genes in the space's order.</param>
/// <param name="Data">The data sets that the model has seen or was judged by.</param>
/// <param name="Parity">How the exported file compares with the trained model; null when nothing was compared.</param>
/// <param name="Probe">Images with the answers expected of the exported file; null when the export is no image classifier.</param>
/// <param name="Files">Every file of the folder but the manifest; filled by <see cref="ModelFolder.Write"/>.</param>
public sealed record Manifest(
    int Format, string Study, string Method, ulong Seed, int Ordinal, string Key, ValueList<GeneValue> Genes, ValueList<Measurement> Measurements,
    ValueList<DataUse> Data, Parity? Parity = null, Probe? Probe = null, ValueList<ManifestFile> Files = default)
{
    public const int CurrentFormat = 1;

    public const string FileName = "manifest.json";

    /// <summary>The genes of a candidate, as a manifest lists them.</summary>
    public static ValueList<GeneValue> GenesOf(Candidate candidate) =>
        candidate.Active().Select(gene => new GeneValue(gene.Name, gene.Value)).ToValueList();
}

/// <summary>A gene and its chosen value, as text.</summary>
public sealed record GeneValue(string Name, string Value);

/// <summary>A data set by the hash of its content.</summary>
/// <param name="Role">For example train, search, test.</param>
public sealed record DataUse(string Name, string Role, BlobId Hash);

/// <summary>A file of the folder.</summary>
/// <param name="Name">A plain file name: letters, digits, '.', '-' and '_', not beginning with a dot.</param>
public sealed record ManifestFile(string Name, BlobId Sha256, long Bytes);

/// <summary>The exported file against the trained model, and its accuracy.</summary>
/// <param name="Images">Images compared: the first ones of the test set.</param>
/// <param name="Agreement">Share of them that both put into the same class, 0..1; null when the trained model gave no logits.</param>
/// <param name="MaxLogitDifference">The largest absolute difference of a logit; null likewise.</param>
/// <param name="Correct">Images that the exported file classifies correctly.</param>
/// <param name="TestAccuracy">100 * Correct / Images, in percent.</param>
public sealed record Parity(int Images, double? Agreement, double? MaxLogitDifference, int Correct, double TestAccuracy);

/// <summary>Images and the logits that the exported file gave when it was written.</summary>
/// <param name="File">A safetensors file with "images" U8 (N, C, H, W) and "logits" F32 (N, classes).</param>
/// <param name="Tolerance">Largest absolute difference of a logit.</param>
/// <param name="MayDiffer">
/// So many images may lie beyond the tolerance if their class stays: on another processor a sum may fall to the other side of a rounding tie.
/// </param>
public sealed record Probe(string File, int Images, double Tolerance, int MayDiffer);
