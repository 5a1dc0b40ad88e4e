namespace Hone.Search;

/// <summary>Mutually non-dominated points of the plane in order: x rises, y falls. Look-up O(log n), insertion one block move.</summary>
internal sealed class Staircase
{
    private double[] _x = new double[8], _y = new double[8];   // (Count), both
    private int[] _tags = new int[8];                          // (Count)

    public int Count { get; private set; }

    public (double X, double Y, int Tag) this[int step] => (_x[step], _y[step], _tags[step]);

    /// <summary>Whether a step is no worse than (x, y) in both.</summary>
    public bool Covers(double x, double y)
    {
        int last = FirstAbove(x) - 1;
        return last >= 0 && _y[last] <= y;
    }

    /// <summary>Adds a point that no step covers, and drops the steps that it covers.</summary>
    public void Insert(double x, double y, int tag = 0)
    {
        int from = FirstNotBelow(x), to = from;
        while (to < Count && _y[to] >= y) to++;
        if (to == from && Count == _x.Length)
        {
            Array.Resize(ref _x, 2 * Count);
            Array.Resize(ref _y, 2 * Count);
            Array.Resize(ref _tags, 2 * Count);
        }
        if (to != from + 1)
        {
            Array.Copy(_x, to, _x, from + 1, Count - to);
            Array.Copy(_y, to, _y, from + 1, Count - to);
            Array.Copy(_tags, to, _tags, from + 1, Count - to);
        }
        (_x[from], _y[from], _tags[from]) = (x, y, tag);
        Count += from + 1 - to;
    }

    /// <summary>The area below (limitX, limitY) that (x, y) would newly cover.</summary>
    public double Gain(double x, double y, double limitX, double limitY)
    {
        if (x >= limitX || y >= limitY) return 0;
        int step = FirstAbove(x);
        double height = step > 0 ? Math.Min(_y[step - 1], limitY) : limitY, left = x, area = 0;
        for (; height > y; step++)
        {
            double right = step < Count ? Math.Min(_x[step], limitX) : limitX;
            area += (right - left) * (height - y);
            if (step >= Count || right >= limitX) break;
            (left, height) = (right, Math.Min(_y[step], limitY));
        }
        return area;
    }

    private int FirstAbove(double x)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_x[middle] <= x) low = middle + 1; else high = middle;
        }
        return low;
    }

    private int FirstNotBelow(double x)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_x[middle] < x) low = middle + 1; else high = middle;
        }
        return low;
    }
}
