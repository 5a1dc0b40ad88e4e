namespace Hone.Client.Silo;

/// <summary>A dead silo is started again as long as the deaths bring something: at most three running without progress.</summary>
internal sealed class RestartPolicy
{
    public const int Most = 3;

    /// <summary>Restarts since the last progress.</summary>
    public int Restarts { get; private set; }

    /// <summary>Asks for one more restart.</summary>
    /// <returns>False when there were enough.</returns>
    public bool Again() => Restarts < Most && ++Restarts > 0;

    /// <summary>A trial was committed or a training step made that was not there before.</summary>
    public void Progressed() => Restarts = 0;
}
