namespace Hone.Devices.Cpu;

/// <summary>Work that is cut into one part per worker; parts run at the same time and write to different places.</summary>
public abstract class Step
{
    /// <summary>Does part <paramref name="part"/> of <paramref name="parts"/>.</summary>
    protected internal abstract void Part(int part, int parts);

    /// <summary>The share of <paramref name="count"/> items that a part has: they differ by one item at most.</summary>
    protected internal static (int From, int To) Share(int count, int part, int parts) => ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));
}
