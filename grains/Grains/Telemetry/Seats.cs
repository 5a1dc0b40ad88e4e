namespace Hone.Grains.Telemetry;

/// <summary>Numbers for a bounded crowd: the lowest free one to each that comes, null while all are taken.</summary>
/// <param name="count">How many there are: 0 to count - 1.</param>
internal sealed class Seats(int count)
{
    private readonly Lock _gate = new();
    private readonly bool[] _taken = new bool[count];

    public int? Take()
    {
        lock (_gate)
        {
            int free = Array.IndexOf(_taken, false);
            if (free < 0) return null;
            _taken[free] = true;
            return free;
        }
    }

    public void Leave(int seat)
    {
        lock (_gate) _taken[seat] = false;
    }
}
