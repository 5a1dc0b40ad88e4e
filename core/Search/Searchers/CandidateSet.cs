using System.Numerics;
using Hone.Model;

namespace Hone.Search;

/// <summary>
/// Candidates of one space with the ordinal that first brought each, exact and small: the canonical choices packed into bits (16 bytes for
/// 38 genes of up to 8 choices), found by open addressing. Keys stay out: 100,000 of them would be 80 MB.
/// </summary>
internal sealed class CandidateSet
{
    private readonly int[] _bits;      // (genes)
    private readonly int _words;
    private readonly ulong[] _probe;   // (words)
    private ulong[] _packed;           // (capacity, words)
    private int[] _ordinals;           // (capacity)
    private int[] _slots;              // (power of two), item + 1 or 0

    public CandidateSet(SearchSpace space)
    {
        _bits = new int[space.Genes.Count];
        int total = 0;
        for (int g = 0; g < _bits.Length; g++)
        {
            _bits[g] = 32 - BitOperations.LeadingZeroCount((uint)space.Genes[g].Choices.Count - 1);
            total += _bits[g];
        }
        _words = Math.Max(1, (total + 63) / 64);
        _probe = new ulong[_words];
        _packed = new ulong[64 * _words];
        _ordinals = new int[64];
        _slots = new int[256];
    }

    public int Count { get; private set; }

    /// <summary>Adds a new candidate; or says which ordinal brought it first.</summary>
    public bool TryAdd(Candidate candidate, int ordinal, out int first)
    {
        int slot = Find(candidate);
        if (_slots[slot] > 0)
        {
            first = _ordinals[_slots[slot] - 1];
            return false;
        }
        if (Count == _ordinals.Length)
        {
            Array.Resize(ref _ordinals, 2 * Count);
            Array.Resize(ref _packed, 2 * Count * _words);
        }
        _probe.CopyTo(_packed, Count * _words);
        _ordinals[Count] = first = ordinal;
        _slots[slot] = ++Count;
        if (2 * Count > _slots.Length) Grow();
        return true;
    }

    private int Find(Candidate candidate)
    {
        Array.Clear(_probe);
        ReadOnlySpan<int> choices = candidate.Choices;
        int at = 0;
        for (int g = 0; g < _bits.Length; at += _bits[g++])
        {
            int word = at >> 6, shift = at & 63;
            _probe[word] |= (ulong)choices[g] << shift;
            if (shift + _bits[g] > 64) _probe[word + 1] |= (ulong)choices[g] >> (64 - shift);
        }
        return FindPacked(_probe);
    }

    private int FindPacked(ReadOnlySpan<ulong> packed)
    {
        ulong hash = 0;
        foreach (ulong word in packed)
        {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15;   // Fibonacci hashing, then a fold so that the low bits see the high ones
            hash ^= hash >> 32;
        }
        for (int slot = (int)(hash & (ulong)(_slots.Length - 1)); ; slot = (slot + 1) & (_slots.Length - 1))   // half the slots are free
            if (_slots[slot] == 0 || _packed.AsSpan((_slots[slot] - 1) * _words, _words).SequenceEqual(packed)) return slot;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (int i = 0; i < Count; i++) _slots[FindPacked(_packed.AsSpan(i * _words, _words))] = i + 1;
    }
}
