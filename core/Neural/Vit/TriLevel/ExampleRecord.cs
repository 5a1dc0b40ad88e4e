using Hone.Neural.Elastic;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>
/// What is known of every example since the last swap: one record for the whole training, whoever computes which part of a batch. A forgetting is a presentation that came out wrong after one
/// that came out right (Toneva et al., arXiv 1812.05159).
/// </summary>
internal sealed class ExampleRecord(int examples)
{
    /// <summary>Presentations that an example must have had to be ranked: with fewer there is nothing it could have forgotten.</summary>
    public const int LeastPresentations = 2;

    private readonly int[] _presented = new int[examples], _forgotten = new int[examples], _last = new int[examples], _right = new int[examples];
    private readonly float[] _variance = new float[examples];   // summed

    /// <summary>Takes in a presentation. Different examples may come from different threads at once.</summary>
    /// <param name="correct">Whether the net's answer was the example's label.</param>
    /// <param name="variance">Of the class token's attention over the patches.</param>
    public void Add(int example, bool correct, float variance)
    {
        if (_last[example] == 1 && !correct) _forgotten[example]++;
        _last[example] = correct ? 1 : 0;
        if (correct) _right[example]++;
        _presented[example]++;
        _variance[example] += variance;
    }

    public bool IsRanked(int example) => _presented[example] >= LeastPresentations;

    /// <summary>How often it was forgotten; as often as presented where it was never right, so that it stays.</summary>
    public int Forgotten(int example) => _right[example] == 0 ? _presented[example] : _forgotten[example];

    /// <summary>Mean over its presentations.</summary>
    public float Variance(int example) => _variance[example] / Math.Max(1, _presented[example]);

    public void Clear()
    {
        foreach (int[] counts in (int[][])[_presented, _forgotten, _last, _right]) Array.Clear(counts);
        Array.Clear(_variance);
    }

    public void Save(ArrayFile file)
    {
        file.Add("examples.presented", _presented);
        file.Add("examples.forgotten", _forgotten);
        file.Add("examples.last", _last);
        file.Add("examples.right", _right);
        file.Add("examples.variance", _variance);
    }

    public void Load(ArrayFile file)
    {
        file.Get<int[]>("examples.presented").CopyTo(_presented, 0);
        file.Get<int[]>("examples.forgotten").CopyTo(_forgotten, 0);
        file.Get<int[]>("examples.last").CopyTo(_last, 0);
        file.Get<int[]>("examples.right").CopyTo(_right, 0);
        file.Get<float[]>("examples.variance").CopyTo(_variance, 0);
    }
}
