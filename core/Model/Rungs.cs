namespace Hone.Model;

/// <summary>
/// The fidelities of successive halving: on rung r of 0..Count-1 a candidate is trained for eta^-(Count-1-r) of the whole, so the highest rung is the whole training. A trial's
/// fidelity is its rung. How many rungs a study has says nothing of another study's; the share of the training does.
/// </summary>
/// <param name="Count">How many there are, 2 to 8.</param>
/// <param name="Eta">Each rung trains so many times as long as the one below, and one in so many candidates is promoted to it; 2 to 10.</param>
public sealed record Rungs(int Count, int Eta)
{
    /// <summary>Most rungs, and the most that each is above the one below.</summary>
    public const int MostCount = 8, MostEta = 10;

    /// <summary>A ninth of the training, a third, the whole: eta 3 of Li et al. (Hyperband, JMLR 2018, section 2.6); the number of rungs is our choice.</summary>
    public static readonly Rungs Default = new(3, 3);

    /// <summary>The rung of the whole training.</summary>
    public int Highest => Count - 1;

    /// <summary>How many of so many evaluated trials are on the highest rung, about: each rung has one in eta of the trials of the one below.</summary>
    public int Highests(int trials)
    {
        double all = 0;
        for (int r = 0; r < Count; r++) all += Divisor(r);
        return (int)(trials / all);
    }

    /// <summary>eta^(Count-1-r): one part in so many of the training is done on this rung; 1 on the highest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such rung.</exception>
    public int Divisor(int fidelity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fidelity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fidelity, Highest);
        int divisor = 1;
        for (int r = fidelity; r < Highest; r++) divisor *= Eta;
        return divisor;
    }

    /// <summary>The share of the training that is done on this rung, in (0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such rung.</exception>
    public double Share(int fidelity) => 1.0 / Divisor(fidelity);
}
