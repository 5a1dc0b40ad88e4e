using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hone.Model;

namespace Hone.Data.Tables;

/// <summary>Labelled samples of a few features each.</summary>
/// <param name="Features">Shape (N, width).</param>
/// <param name="Labels">Shape (N), 0..Classes-1.</param>
/// <param name="Width">Features of a sample.</param>
public sealed record Table(double[] Features, int[] Labels, int Width, ValueList<string> ClassNames)
{
    public int Count => Labels.Length;

    public int Classes => ClassNames.Count;

    /// <summary>A sample's features.</summary>
    public ReadOnlySpan<double> Row(int sample) => Features.AsSpan(sample * Width, Width);

    /// <summary>The samples at these indices, in that order.</summary>
    public Table Select(IReadOnlyList<int> samples)
    {
        double[] features = new double[samples.Count * Width];
        int[] labels = new int[samples.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            Row(samples[i]).CopyTo(features.AsSpan(i * Width));
            labels[i] = Labels[samples[i]];
        }
        return this with { Features = features, Labels = labels };
    }

    /// <summary>The first so many of a random order in which classes take turns while they last, and the others.</summary>
    public (Table Front, Table Others) Part(int count, ulong seed)
    {
        int[][] members = [.. Enumerable.Range(0, Count).GroupBy(i => Labels[i]).OrderBy(g => g.Key).Select(g =>
        {
            int[] own = [.. g];
            return new Chance(seed, Streams.Split, (uint)g.Key).Permutation(own.Length).Select(i => own[i]).ToArray();
        })];
        int most = members.Length == 0 ? 0 : members.Max(m => m.Length);
        int[] dealt = [.. Enumerable.Range(0, most).SelectMany(turn => members.Where(m => turn < m.Length).Select(m => m[turn]))];
        return (Select(dealt[..count]), Select(dealt[count..]));
    }

    /// <summary>SHA-256 of N, width and the number of classes, the labels (32-bit little-endian each) and the features (64-bit).</summary>
    public BlobId Id()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (int value in (int[])[Count, Width, Classes, .. Labels])
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, value);
            sha.AppendData(number[..4]);
        }
        foreach (double value in Features)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(number, value);
            sha.AppendData(number);
        }
        return new BlobId(Convert.ToHexStringLower(sha.GetHashAndReset()));
    }

    // Arrays compare by reference; two tables are one when their contents are.
    public bool Equals(Table? other) => other is not null && Width == other.Width && ClassNames == other.ClassNames
        && Labels.AsSpan().SequenceEqual(other.Labels) && MemoryMarshal.AsBytes<double>(Features).SequenceEqual(MemoryMarshal.AsBytes<double>(other.Features));

    public override int GetHashCode() => HashCode.Combine(Count, Width, ClassNames);
}
