namespace Hone.Client.Chaos;

/// <summary>A thing that must stay true whatever dies: how often it was looked at, and what was seen where it was not true.</summary>
internal sealed class Invariant(string name)
{
    private const int MostTold = 5;
    private readonly List<string> _broken = [];

    public string Name { get; } = name;

    public int Checked { get; private set; }

    public int Broken { get; private set; }

    /// <summary>The first few breaches.</summary>
    public IReadOnlyList<string> Told => _broken;

    public void Check(bool holds, Func<string> otherwise)
    {
        Checked++;
        if (holds) return;
        Broken++;
        if (_broken.Count < MostTold) _broken.Add(otherwise());
    }
}
